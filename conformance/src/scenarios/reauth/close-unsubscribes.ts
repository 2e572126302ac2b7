import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { rotate } from '../steps.ts';

export const closeUnsubscribes: Scenario = {
  id: 'reauth/close-unsubscribes',
  title: 'a client that is closed, in each way that there is, is forgotten; another on the same manager goes on',
  why: '@redis/entraid N3, N4: listeners of closed clients stay, and send',
  topologies: ['standalone'],
  mustExit: true,
  async run(context) {
    const open = await context.connect();
    for (const way of context.driver.closeWays) await (await context.connect()).close(way);
    await rotate(context, 1);
    assert.equal(await open.command('PING'), 'PONG');
    assert.equal(reauths(context.target.timeline).length, 1);
    assert.ok(
      !context.events.some(({ type }) => type === 'reauthentication-failed'),
      'an AUTH went to the closed client',
    );
  },
};
