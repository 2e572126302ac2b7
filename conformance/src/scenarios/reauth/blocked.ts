import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertNothingExpired, rotate } from '../steps.ts';

export const blocked: Scenario = {
  id: 'reauth/blocked',
  title: 'BLPOP across a refresh: one newest AUTH when it ends; other connections log in at once',
  why: '@redis/entraid N27; BullMQ #3668: workers block for most of their life',
  requires: ['blocking'],
  topologies: ['standalone'],
  async run(context) {
    const worker = await context.connect();
    const other = await context.connect();
    const job = worker.command('BLPOP', 'queue', '0');
    await rotate(context, 1);
    await other.command('RPUSH', 'queue', 'job');
    assert.deepEqual(await job, ['queue', 'job']);
    await context.eventually('the AUTH of the worker', () => reauths(context.target.timeline).length >= 2);
    assert.equal(await worker.command('PING'), 'PONG');
    assertNothingExpired(context);
  },
};
