import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertNothingExpired } from '../steps.ts';

export const manualMulti: Scenario = {
  id: 'reauth/manual-multi',
  title: 'a MULTI by hand that is open during a refresh: AUTH waits for EXEC',
  why: '@redis/entraid N26 and Lettuce: AUTH is queued and pollutes EXEC',
  requires: ['manual-transaction'],
  topologies: ['standalone'],
  async run(context) {
    const session = await context.connect();
    assert.equal(await session.command('MULTI'), 'OK');
    assert.equal(await session.command('SET', 'key', 'value'), 'QUEUED');
    await context.eventually('a new token', () => context.target.entra.requests.length === 2);
    // Long enough for an AUTH of the window to have been sent, well before expiry.
    await new Promise((resolve) => setTimeout(resolve, context.lifetimeMs / 10));
    assert.deepEqual(await session.command('EXEC'), ['OK']);
    await context.eventually('the AUTH that waited', () => reauths(context.target.timeline).length === 1);
    assert.equal(await session.command('GET', 'key'), 'value');
    assertNothingExpired(context);
  },
};
