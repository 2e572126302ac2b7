import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { connectionOf, liveConnections, reauths, tokensSent } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, everywhere } from '../steps.ts';

export const subscriberLeaves: Scenario = {
  id: 'reauth/subscriber-leaves',
  title: 'a RESP2 subscriber that unsubscribes from all during a refresh logs in at once, and stays unsubscribed',
  why: '@redis/entraid N19: the AUTH that waited is never sent, and the server cuts the connection at expiry',
  requires: ['subscribe'],
  topologies: everywhere,
  resp: [2],
  async run(context) {
    const { timeline } = context.target;
    const publisher = await context.connect();
    const subscriber = await context.connect();
    const received: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    const connections = liveConnections(timeline);
    const sent = tokensSent(timeline).size;
    // What the adapter does for the subscriber is under way when it leaves.
    context.target.fault({ match: ['AUTH', 'HELLO'], times: 2, action: { kind: 'delay', delayMs: 100 } });
    await context.eventually('the refresh', () => tokensSent(timeline).size > sent, context.lifetimeMs);
    await subscriber.unsubscribe('news');
    await context.eventually('a re-AUTH of both connections', () => {
      const authenticated = new Set(reauths(timeline).map(connectionOf));
      const live = liveConnections(timeline);
      return [...connections].every((connection) => authenticated.has(connection) || !live.has(connection));
    });
    // As text: redis 5 and 6 answer a client that was a RESP2 subscriber with Buffers.
    assert.equal(String(await subscriber.command('PING')), 'PONG');
    await context.eventually(
      'nobody is subscribed',
      async () => (await publisher.command('PUBLISH', 'news', 'x')) === 0,
    );
    const before = received.length;
    const seen = tokensSent(timeline).size;
    await context.eventually('the next refresh', () => tokensSent(timeline).size > seen, context.lifetimeMs);
    assert.equal(await publisher.command('PUBLISH', 'news', 'late'), 0, 'it was subscribed again');
    assert.equal(received.length, before);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
