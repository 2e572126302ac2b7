import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertNothingExpired } from '../steps.ts';

export const pipeline: Scenario = {
  id: 'reauth/pipeline',
  title: 'pipelines in flight during refreshes: every reply belongs to its command',
  why: '@redis/entraid N20: replies shift by one, GET answers with the OK of AUTH',
  requires: ['pipeline'],
  topologies: ['standalone'],
  async run(context) {
    const session = await context.connect();
    const endAt = Date.now() + context.lifetimeMs * 1.5;
    for (let round = 0; Date.now() < endAt; round += 1) {
      const words = Array.from({ length: 1000 }, (_, i) => `${round}:${i}`);
      const replies = await session.pipeline(words.map((word) => ['ECHO', word]));
      assert.deepEqual(replies, words);
      // Room for the other cases of the run.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(reauths(context.target.timeline).length >= 1, 'no refresh happened');
    assertNothingExpired(context);
  },
};
