import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { connectionOf, countOpened, logins, openConnections } from '../wire.ts';
import { everywhere } from '../steps.ts';

export const disconnectWhileWaiting: Scenario = {
  id: 'connect/disconnect-while-waiting',
  title: 'a client that is closed while the token is pending never logs in, and leaves no connection',
  why: 'ioredis PR 2171, review: the token arrives and a forgotten client connects',
  topologies: everywhere,
  async run(context) {
    const { entra, timeline } = context.target;
    entra.fail({ kind: 'delay', delayMs: context.scaled(500) });
    const session = await context.open();
    await context.eventually('the token request', () => entra.requests.length === 1);
    await session.close();
    // Some ask for credentials before they connect, some after that.
    await context.eventually('the closed client has no connection', () => openConnections(timeline).size === 0);
    const opened = countOpened(timeline);
    // It waits for the same token.
    const other = await context.connect();
    assert.equal(await other.command('PING'), 'PONG');
    if (context.target.endpoint.topology === 'standalone') {
      assert.equal(countOpened(timeline) - opened, 1, 'the closed client connected');
      assert.equal(new Set(logins(timeline).map(connectionOf)).size, 1, 'the closed client logged in');
    }
    await other.close();
    await context.eventually('no connection is left', () => openConnections(timeline).size === 0);
  },
};
