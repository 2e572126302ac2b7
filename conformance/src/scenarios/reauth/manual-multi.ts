import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Scenario } from '../../types.ts';
import { connectionOf, reauths, tokensSent } from '../../wire.ts';
import { assertNothingExpired } from '../steps.ts';

export const manualMulti: Scenario = {
  id: 'reauth/manual-multi',
  title: 'a MULTI by hand that is open during a refresh: AUTH waits for EXEC',
  why: '@redis/entraid N26 and Lettuce: AUTH is queued and pollutes EXEC',
  requires: ['manual-transaction'],
  topologies: ['standalone'],
  lifetimeMs: 5000,
  async run(context) {
    const { timeline } = context.target;
    const watcher = await context.connect();
    const byCommand = await context.connect();
    const byMethod = await context.connect();
    const before = tokensSent(timeline).size;
    assert.equal(await byCommand.command('MULTI'), 'OK');
    await (byMethod.begin?.() ?? byMethod.command('MULTI'));
    const open: readonly Session[] = [byCommand, byMethod];
    for (const [i, session] of open.entries())
      assert.equal(await session.command('SET', `key:${i}`, 'value'), 'QUEUED');
    await context.eventually('a new token on the wire', () => tokensSent(timeline).size > before, context.lifetimeMs);
    // Long enough for the AUTHs of the window to have been sent, well before expiry.
    await new Promise((resolve) => setTimeout(resolve, context.lifetimeMs / 10));
    for (const session of open) assert.deepEqual(await session.command('EXEC'), ['OK']);
    await context.eventually('the AUTHs that waited', () => new Set(reauths(timeline).map(connectionOf)).size === 3);
    for (const i of open.keys()) assert.equal(await watcher.command('GET', `key:${i}`), 'value');
    assertNothingExpired(context);
  },
};
