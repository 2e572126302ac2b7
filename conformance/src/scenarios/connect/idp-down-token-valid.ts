import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensAccepted } from '../wire.ts';
import { everywhere, isBack } from '../steps.ts';

export const idpDownTokenValid: Scenario = {
  id: 'connect/idp-down-token-valid',
  title: 'the identity provider is down, the token still valid: a reconnect uses it',
  why: 'no peer; an outage of Entra must not become one of every cache',
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    const session = await context.connect();
    context.target.entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
    const before = logins(context.target.timeline).length;
    context.target.cut();
    await isBack(context, session);
    assert.ok(logins(context.target.timeline).length > before, 'no login');
    assert.equal(tokensAccepted(context.target.timeline).length, 1);
    assert.equal(context.target.entra.requests.length, 1);
  },
};
