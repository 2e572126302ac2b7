import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins, tokensSent } from '../../wire.ts';

export const offlineRefreshes: Scenario = {
  id: 'reauth/offline-refreshes',
  title: 'refreshes while the client is offline: only the newest token is sent',
  why: '@redis/entraid N18: every missed refresh is replayed after the reconnect, the oldest first',
  topologies: ['standalone'],
  lifetimeMs: 2000,
  async run(context) {
    const session = await context.connect();
    const known = logins(context.target.timeline).length;
    // Nobody gets past the handshake until this is lifted.
    context.target.fault({ match: ['AUTH', 'HELLO'], times: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    context.target.cut();
    // Tried, not only obtained: a token that came while a handshake was on its way belongs to the next one.
    await context.eventually(
      'a try with the token of the third refresh',
      () => tokensSent(context.target.timeline).size >= 4,
      context.lifetimeMs * 4,
    );
    context.target.heal();
    assert.equal(await session.command('PING'), 'PONG');
    const [first, ...more] = logins(context.target.timeline).slice(known);
    assert.equal(first?.login.token, [...tokensSent(context.target.timeline)].at(-1), 'not the newest token');
    assert.deepEqual(more, [], 'more than one login');
  },
};
