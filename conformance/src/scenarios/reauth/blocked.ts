import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { assertNothingExpired, everywhere, rotate, untilAllCurrent } from '../steps.ts';

export const blocked: Scenario = {
  id: 'reauth/blocked',
  title: 'BLPOP across a refresh: one newest AUTH when it ends; other connections log in at once',
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
    await untilAllCurrent(context);
    assert.equal(await worker.command('PING'), 'PONG');
    assertNothingExpired(context);
  },
};
