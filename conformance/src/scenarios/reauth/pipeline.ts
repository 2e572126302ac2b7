import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { reauths } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, everywhere } from '../steps.ts';

const batches = 20;
const commandsPerBatch = 500;

export const pipeline: Scenario = {
  id: 'reauth/pipeline',
  title: `a refresh with ${batches * commandsPerBatch} commands in flight: every reply belongs to its command`,
  why: '@redis/entraid N20: replies shift by one, GET answers with the OK of AUTH',
  requires: ['pipeline', 'blocking'],
  topologies: everywhere,
  lifetimeMs: 6000,
  async run(context) {
    const { entra, timeline } = context.target;
    const session = await context.connect();
    entra.fail({ kind: 'delay', delayMs: 100 });
    await context.eventually('the request of the refresh', () => entra.requests.length >= 2, context.lifetimeMs);
    // Until this is answered everything behind it is in flight, AUTH somewhere in between.
    const first = session.pipeline([['BLPOP', 'nothing', '0.5']]);
    const pipelines: Promise<unknown[]>[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      pipelines.push(session.pipeline(wordsOf(batch).map((word) => ['ECHO', word])));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(await first, [null]);
    for (const [batch, replies] of pipelines.entries()) assert.deepEqual(await replies, wordsOf(batch));
    await context.eventually('the AUTH', () => reauths(timeline).length > 0);
    assert.equal(await session.command('ECHO', 'last'), 'last');
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};

const wordsOf = (batch: number): string[] => Array.from({ length: commandsPerBatch }, (_, i) => `${batch}:${i}`);
