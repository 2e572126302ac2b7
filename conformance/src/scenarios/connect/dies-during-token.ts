import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { assertOneAuthPerToken, everywhere, givesUp, isBack } from '../steps.ts';

export const diesDuringToken: Scenario = {
  id: 'connect/dies-during-token',
  title: 'sockets that die while the token is pending: the client connects again and logs in with it',
  why: 'node-redis 5 hangs forever if its socket closes while the credentials provider is asked',
  requires: ['retries-first-connect'],
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    const { entra, timeline } = context.target;
    entra.fail({ kind: 'delay', delayMs: 800 });
    // Whether a client connects before it has the token, or after: its first two connections do not live.
    context.target.fault({ match: 'CONNECT', times: 2, action: { kind: 'cut' } });
    const session = await context.open();
    await isBack(context, session);
    assert.equal(entra.requests.length, 1, 'one token request');
    if (context.target.endpoint.topology === 'standalone') assert.equal(logins(timeline).length, 1);
    assert.ok(logins(timeline).length > 0);
    assertOneAuthPerToken(context);
  },
  async otherwise(context) {
    context.target.entra.fail({ kind: 'delay', delayMs: 800 });
    context.target.fault({ match: 'CONNECT', times: 2, action: { kind: 'cut' } });
    await givesUp(context, await context.open(), /./);
    assert.equal(context.target.entra.requests.length, 1, 'one token request');
  },
};
