import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { liveConnections } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, rotateEverywhere } from '../steps.ts';

export const pool: Scenario = {
  id: 'topology/pool',
  title: 'idle members of a pool, those in use, and those made later all hold the newest token',
  why: 'go-redis: idle members of a pool keep the token of their last use',
  requires: ['pool', 'blocking'],
  topologies: ['standalone'],
  lifetimeMs: 6000,
  async run(context) {
    const session = await context.connect({ pool: { minimum: 3, maximum: 6 } });
    // Two are in use until a job comes, so that one is idle.
    const jobs = [session.command('BLPOP', 'jobs', '0'), session.command('BLPOP', 'jobs', '0')];
    await context.eventually('the members', () => liveConnections(context.target.timeline).size >= 3);
    const other = await context.connect();
    await context.eventually('a refresh', () => context.target.entra.requests.length >= 2, context.lifetimeMs);
    for (const job of ['1', '2']) await other.command('RPUSH', 'jobs', job);
    await Promise.all(jobs);
    // More at a time than members: the pool grows.
    const more = Array.from({ length: 6 }, () => session.command('BLPOP', 'more', '0.2'));
    assert.deepEqual(
      await Promise.all(more),
      more.map(() => null),
    );
    assert.ok(liveConnections(context.target.timeline).size > 4, 'the pool did not grow');
    await rotateEverywhere(context);
    assert.equal(await session.command('PING'), 'PONG');
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
    assert.deepEqual(session.errors, []);
  },
};
