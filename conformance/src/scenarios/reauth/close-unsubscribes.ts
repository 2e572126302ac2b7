import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { liveConnections, reauths } from '../../wire.ts';
import { assertOneAuthPerToken, connectFully, everywhere, rotateEverywhere } from '../steps.ts';

export const closeUnsubscribes: Scenario = {
  id: 'reauth/close-unsubscribes',
  title: 'a client that is closed, in each way that there is, is forgotten; another on the same manager goes on',
  why: '@redis/entraid N3, N4: listeners of closed clients stay, and send',
  topologies: everywhere,
  mustExit: true,
  async run(context) {
    const { timeline } = context.target;
    const open = await connectFully(context);
    const own = liveConnections(timeline).size;
    for (const way of context.driver.closeWays) await (await connectFully(context)).close(way);
    await context.eventually('the connections of the others are gone', () => liveConnections(timeline).size <= own);
    await rotateEverywhere(context);
    assert.equal(await open.command('PING'), 'PONG');
    assertOneAuthPerToken(context);
    if (context.target.endpoint.topology === 'standalone') assert.equal(reauths(timeline).length, 1);
    assert.ok(
      !context.events.some(({ type }) => type === 'reauthentication-failed'),
      'an AUTH went to the closed client',
    );
  },
};
