import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensSent } from '../wire.ts';
import { assertNoneOlder, assertOneAuthPerToken, everywhere, isBack, untilDown } from '../steps.ts';

export const offlineQueueOff: Scenario = {
  id: 'reauth/offline-queue-off',
  title:
    'without an offline queue, a refresh while the client is down is no error; the next connect uses the new token',
  why: 'node-redis: the re-AUTH of a client that is down is rejected, and reported as if the cache had refused it',
  requires: ['offline-queue-off'],
  topologies: everywhere,
  lifetimeMs: 2000,
  async run(context) {
    const { timeline } = context.target;
    const session = await context.connect({ offlineQueue: false });
    const known = logins(timeline).length;
    context.target.fault({ match: ['AUTH', 'HELLO'], times: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    context.target.cut();
    await untilDown(context, session);
    await assert.rejects(session.command('PING'), 'a command waits for the connection');
    await context.eventually('a try with the token of a refresh', async () => {
      // Some connect for a command alone.
      await assert.rejects(session.command('PING'));
      return tokensSent(timeline).size >= 2;
    });
    assert.ok(
      !context.events.some(({ type }) => type === 'reauthentication-failed'),
      'an AUTH was sent to a client that is down',
    );
    const newest = [...tokensSent(timeline)].at(-1);
    context.target.heal();
    await isBack(context, session);
    const again = logins(timeline).slice(known);
    assertNoneOlder(context, again, newest);
    if (context.target.endpoint.topology === 'standalone') assert.equal(again.length, 1, 'more than one login');
    assertOneAuthPerToken(context);
  },
};
