import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { reauths } from '../wire.ts';
import { assertNothingExpired, everywhere } from '../steps.ts';

export const multi: Scenario = {
  id: 'reauth/multi',
  title: 'transactions during refreshes: no AUTH between MULTI and EXEC',
  why: 'an AUTH inside a transaction is queued, and its OK becomes a reply of EXEC',
  requires: ['transaction'],
  topologies: everywhere,
  async run(context) {
    const session = await context.connect();
    const endAt = Date.now() + context.lifetimeMs * 1.5;
    for (let round = 0; Date.now() < endAt; round += 1) {
      const replies = await session.transaction([
        ['SET', 'key', String(round)],
        ['GET', 'key'],
      ]);
      assert.deepEqual(replies, ['OK', String(round)]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(reauths(context.target.timeline).length >= 1, 'no refresh happened');
    assertNothingExpired(context);
  },
};
