import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { connectionOf, liveConnections, logins, tokensAccepted } from '../../wire.ts';
import { assertNothingExpired, everywhere, rotate } from '../steps.ts';

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
    const { timeline } = context.target;
    const former = new Set(tokensAccepted(timeline).slice(0, -1));
    // Or with a later one: peers have a token for each client.
    await context.eventually('a login of every connection with the newest token', () => {
      const current = logins(timeline).filter(({ login }) => !former.has(login.token));
      const connections = new Set(current.map(connectionOf));
      return [...liveConnections(timeline)].every((connection) => connections.has(connection));
    });
    assert.equal(await worker.command('PING'), 'PONG');
    assertNothingExpired(context);
  },
};
