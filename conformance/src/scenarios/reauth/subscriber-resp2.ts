import assert from 'node:assert/strict';
import type { Context, Scenario } from '../scenario.ts';
import { openConnections, reauths, tokensAccepted } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, countEvents, everywhere, rotate } from '../steps.ts';
import {
  lostOtherwise,
  missing,
  publishTo,
  reconnects,
  slowestReconnectMs,
  type Subscription,
  subscribeToAll,
} from '../subscriptions.ts';

interface Outcome {
  readonly published: number;
  readonly subscriptions: readonly Subscription[];
}

/** The subscriptions survive two rotations and the life of a token, and the server never has to cut. */
async function stays(context: Context): Promise<Outcome> {
  const publisher = await context.connect();
  const subscriber = await context.connect();
  const subscriptions = await subscribeToAll(context, subscriber, publisher);
  // Clients with a pool keep one beside that of the subscriptions.
  const { endpoint, timeline } = context.target;
  const { size: connections } = openConnections(timeline);
  const publishing = publishTo(subscriptions);
  await rotate(context, 1, 2);
  await new Promise((resolve) => setTimeout(resolve, context.lifetimeMs / 2));
  const published = await publishing.stop();
  for (const { kind, received, publish } of subscriptions) {
    await context.eventually(`the ${kind} is back`, async () => {
      await publish('last');
      return received.includes('last');
    });
  }
  assertNothingExpired(context);
  assertOneAuthPerToken(context);
  if (endpoint.topology === 'standalone')
    await context.eventually('no connection more than before', () => openConnections(timeline).size === connections);
  return { published, subscriptions };
}

/** Of each hand-over the user hears once, where re-AUTHs are told. */
async function assertToldOnce(context: Context): Promise<void> {
  const told = (): number => countEvents(context, 'reauthenticated');
  if (told() === 0) return;
  await context.eventually('an event for each re-AUTH, and no other', () => {
    assert.equal(told(), reauths(context.target.timeline).length);
    return true;
  });
}

export const subscriberResp2: Scenario = {
  id: 'reauth/subscriber-resp2',
  title: `a RESP2 subscriber is handed over before expiry; no message is lost, except in a declared reconnect of ${slowestReconnectMs} ms at most`,
  why: 'Redisson #7052, .NET #69 and #70: the server silently closes it at every expiry',
  requires: ['subscribe', 'resp2-subscriber-lossless'],
  topologies: everywhere,
  resp: [2],
  async run(context) {
    const { published, subscriptions } = await stays(context);
    for (const subscription of subscriptions) assert.deepEqual(missing(subscription, published), [], subscription.kind);
    if (context.target.endpoint.topology === 'standalone') await assertToldOnce(context);
  },
  async otherwise(context) {
    if (!context.supports('subscribe')) return;
    const { published, subscriptions } = await stays(context);
    const { timeline } = context.target;
    for (const subscription of subscriptions) {
      const { kind } = subscription;
      assert.deepEqual(
        lostOtherwise(timeline, subscription, published),
        [],
        `${kind}: lost while no reconnect was under way`,
      );
      const count = reconnects(timeline, kind).length;
      assert.ok(count <= tokensAccepted(timeline).length, `${kind}: ${count} reconnects, more than tokens`);
    }
  },
};
