import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { publishTo, subscribeToAll } from '../subscriptions.ts';
import { assertNothingExpired, assertOneAuthPerToken, everywhere, rotateEverywhere } from '../steps.ts';

export const subscriberResp3: Scenario = {
  id: 'reauth/subscriber-resp3',
  title: 'a RESP3 subscriber logs in again on its socket; no message is lost',
  why: '.NET README: RESP3 lets a subscriber AUTH in place',
  requires: ['subscribe', 'resp3-subscriber-reauth'],
  topologies: everywhere,
  resp: [3],
  async run(context) {
    const publisher = await context.connect();
    const subscriber = await context.connect();
    const subscriptions = await subscribeToAll(context, subscriber, publisher);
    const publishing = publishTo(subscriptions);
    await rotateEverywhere(context, 2);
    const published = await publishing.stop();
    const all = Array.from({ length: published }, (_, i) => String(i));
    // Clusters carry what is published at different nodes on different ways.
    const inOrder = context.target.endpoint.topology !== 'cluster';
    for (const { kind, received } of subscriptions) {
      await context.eventually(`every message of the ${kind}`, () => received.length >= published);
      assert.deepEqual(inOrder ? received : received.toSorted((a, b) => Number(a) - Number(b)), all, kind);
    }
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
