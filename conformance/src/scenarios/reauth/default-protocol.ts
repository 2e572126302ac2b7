import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { assertNothingExpired, newTokens } from '../steps.ts';
import { missing, publishTo, subscribeToAll } from '../subscriptions.ts';

export const defaultProtocol: Scenario = {
  id: 'reauth/default-protocol',
  title:
    "a subscriber with the client's default protocol: over three renewals no message is lost, or a warning says what to set",
  why: "the suite of socket.io's adapter: redis 5 speaks RESP2 unless told otherwise, and loses messages at each renewal",
  requires: ['subscribe'],
  topologies: ['standalone'],
  async run(context) {
    const publisher = await context.connect();
    const subscriber = await context.connect({ defaultProtocol: true });
    const subscriptions = await subscribeToAll(context, subscriber, publisher);
    const publishing = publishTo(subscriptions);
    await newTokens(context, 3);
    const published = await publishing.stop();
    for (const { received, publish } of subscriptions) {
      await context.eventually('the subscriber is there', async () => {
        await publish('last');
        return received.includes('last');
      });
    }
    const lost = subscriptions.flatMap((subscription) => missing(subscription, published));
    const warnings = context.events.filter(({ type, text }) => type === 'warning' && /\bRESP\b/.test(text));
    if (warnings.length > 0) return assert.equal(warnings.length, 1, 'warnings: one for the process');
    assert.deepEqual(lost, [], 'lost without a warning that says what to set');
    assertNothingExpired(context);
  },
};
