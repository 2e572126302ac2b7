import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Scenario } from '../scenario.ts';
import { authsPerToken, logins } from '../wire.ts';
import { connectFully, everywhere, isBack } from '../steps.ts';

/** A client of a cluster has several connections. */
const clients = { standalone: 40, sentinel: 20, cluster: 8 } as const;

export const accessKeysDisabled: Scenario = {
  id: 'connect/access-keys-disabled',
  title: `${clients.standalone} connections are closed at once: all come back, with the current token and one login each`,
  why: 'Azure cuts every connection when access keys are disabled: https://learn.microsoft.com/azure/redis/entra-for-authentication',
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    const { timeline, entra, endpoint } = context.target;
    const count = clients[endpoint.topology];
    const sessions: Session[] = [];
    // One after the other: in redis 5.0 forty calls of `createClient` hold the event loop up for a second.
    while (sessions.length < count) sessions.push(await connectFully(context));
    const before = logins(timeline).length;
    context.target.cut();
    await Promise.all(sessions.map((session) => isBack(context, session)));
    const again = logins(timeline).length - before;
    if (endpoint.topology === 'standalone') assert.equal(again, count, 'not one login for each connection');
    assert.ok(again >= count, 'a client without a login');
    assert.equal(entra.requests.length, 1, 'a token was asked for although one was in hand');
    assert.deepEqual(new Set(authsPerToken(timeline).values()), new Set([1]));
  },
};
