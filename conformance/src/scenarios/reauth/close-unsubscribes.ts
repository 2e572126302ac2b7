import assert from 'node:assert/strict';
import type { Context, Scenario } from '../scenario.ts';
import { countOpened, liveConnections, reauths } from '../wire.ts';
import { assertOneAuthPerToken, connectFully, everywhere, rotateEverywhere } from '../steps.ts';

/** A client, its duplicate and a subscriber, each closed in this way. */
async function openAndClose(context: Context, way: string): Promise<void> {
  const client = await connectFully(context);
  if (context.supports('duplicate')) {
    const copy = await client.duplicate();
    await copy.ready();
    await copy.close(way);
  }
  if (context.supports('subscribe')) {
    const subscriber = await context.connect();
    await subscriber.subscribe('news', () => undefined);
    await subscriber.close(way);
  }
  await client.close(way);
}

export const closeUnsubscribes: Scenario = {
  id: 'reauth/close-unsubscribes',
  title: 'a client that is closed, in each way that there is, is forgotten; another on the same manager goes on',
  why: '@redis/entraid N3, N4: listeners of closed clients stay, and send',
  topologies: everywhere,
  lifetimeMs: 6000,
  mustExit: true,
  async run(context) {
    const { target } = context;
    const { timeline } = target;
    const open = await connectFully(context);
    const own = liveConnections(timeline).size;
    for (const way of context.driver.closeWays) await openAndClose(context, way);
    await context.eventually('the connections of the others are gone', () => liveConnections(timeline).size <= own);
    const opened = countOpened(timeline);
    const before = reauths(timeline).length;
    await rotateEverywhere(context);
    assert.equal(await open.command('PING'), 'PONG');
    assertOneAuthPerToken(context);
    if (target.endpoint.topology === 'standalone') {
      assert.equal(reauths(timeline).length - before, 1, 're-AUTHs');
      assert.equal(countOpened(timeline), opened, 'a closed client connected again');
    }
    assert.ok(
      !context.events.some(({ type }) => type === 'reauthentication-failed'),
      'an AUTH went to the closed client',
    );
  },
};
