import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins } from '../../wire.ts';
import { isBack } from '../steps.ts';

export const idpDownTokenValid: Scenario = {
  id: 'connect/idp-down-token-valid',
  title: 'the identity provider is down, the token still valid: a reconnect uses it',
  why: 'no peer; an outage of Entra must not become one of every cache',
  topologies: ['standalone'],
  lifetimeMs: 60_000,
  async run(context) {
    const session = await context.connect();
    context.target.entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
    context.target.cut();
    await isBack(context, session);
    const [first, second] = logins(context.target.timeline);
    assert.equal(second?.login.token, first?.login.token);
    assert.equal(context.target.entra.requests.length, 1);
  },
};
