import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensSent } from '../wire.ts';
import { assertNoneOlder, assertOneAuthPerToken, everywhere, repeatUntilStopped } from '../steps.ts';

export const offlineRefreshes: Scenario = {
  id: 'reauth/offline-refreshes',
  title: 'refreshes while the client is offline: only the newest token is sent',
  why: '@redis/entraid N18: every missed refresh is replayed after the reconnect, the oldest first',
  topologies: everywhere,
  lifetimeMs: 2000,
  async run(context) {
    const { timeline } = context.target;
    const session = await context.connect();
    const known = logins(timeline).length;
    // Nobody gets past the handshake until this is lifted.
    context.target.fault({ match: ['AUTH', 'HELLO'], times: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    context.target.cut();
    // A cluster client connects again when it has something to send.
    const asking = repeatUntilStopped(() => session.command('PING').catch(() => undefined), 50);
    // Tried, not only obtained: a token that came while a handshake was on its way belongs to the next one.
    await context.eventually(
      'a try with the token of the third refresh',
      () => tokensSent(timeline).size >= 4,
      context.lifetimeMs * 4,
    );
    const newest = [...tokensSent(timeline)].at(-1);
    context.target.heal();
    await asking.stop();
    assert.equal(await session.command('PING'), 'PONG');
    const again = logins(timeline).slice(known);
    assertNoneOlder(context, again, newest);
    if (context.target.endpoint.topology === 'standalone') assert.equal(again.length, 1, 'more than one login');
    assertOneAuthPerToken(context);
  },
};
