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
    const first = session.pipeline([['BLPOP', `${tag}:nothing`, '0.5']]);
    const pipelines: Promise<unknown[]>[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      pipelines.push(session.pipeline(wordsOf(batch).flatMap((word) => [setOf(word), getOf(word)])));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(await first, [null]);
    for (const [batch, replies] of pipelines.entries()) {
      const expected = wordsOf(batch).flatMap((word) => ['OK', word]);
      assert.deepEqual(await replies, expected);
    }
    await context.eventually('the AUTH', () => reauths(timeline).length > 0);
    assert.equal(await session.command(...getOf('0:0')), '0:0');
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};

const wordsOf = (batch: number): string[] => Array.from({ length: commandsPerBatch / 2 }, (_, i) => `${batch}:${i}`);

/** Of one slot, as a pipeline in a cluster goes to one node. */
const tag = '{pipeline}';
const setOf = (word: string): string[] => ['SET', `${tag}:${word}`, word];
const getOf = (word: string): string[] => ['GET', `${tag}:${word}`];
