import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { connectionOf, liveConnections, reauths } from '../../wire.ts';
import { assertNothingExpired, everywhere, rotate } from '../steps.ts';

export const blocked: Scenario = {
  id: 'reauth/blocked',
  title: 'BLPOP across a refresh: an AUTH when it ends; other connections log in at once',
  why: '@redis/entraid N27; BullMQ #3668: workers block for most of their life',
  requires: ['blocking'],
  topologies: everywhere,
  async run(context) {
    const worker = await context.connect();
    const other = await context.connect();
    const job = worker.command('BLPOP', 'queue', '0');
    await rotate(context, 1);
    await other.command('RPUSH', 'queue', 'job');
    assert.deepEqual(await job, ['queue', 'job']);
    const { timeline } = context.target;
    await context.eventually('a re-AUTH of every connection', () => {
      const again = new Set(reauths(timeline).map(connectionOf));
      return [...liveConnections(timeline)].every((connection) => again.has(connection));
    });
    assert.equal(await worker.command('PING'), 'PONG');
    assertNothingExpired(context);
  },
};
