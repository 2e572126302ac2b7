import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, clientId, rotate } from '../steps.ts';

export const oneAuth: Scenario = {
  id: 'reauth/one-auth',
  title: 'a refresh is exactly one AUTH on a live connection, which stays the same',
  why: 'the rule of the service: https://learn.microsoft.com/azure/redis/entra-for-authentication',
  topologies: ['standalone'],
  async run(context) {
    const session = await context.connect();
    const before = await clientId(session);
    await rotate(context, 1, 2);
    assert.equal(await clientId(session), before);
    assert.equal(reauths(context.target.timeline).length, 2);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
    assert.deepEqual(session.errors, []);
  },
};
