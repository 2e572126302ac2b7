import assert from 'node:assert/strict';
import type { Context, Scenario } from '../../types.ts';
import { assertNothingExpired } from '../steps.ts';

/** The subscription survives three lives of a token, and the server never has to cut. */
async function stays(context: Context): Promise<{ published: number; received: string[] }> {
  const publisher = await context.connect();
  const subscriber = await context.connect();
  const received: string[] = [];
  await subscriber.subscribe('news', (message) => received.push(message));
  let published = 0;
  const endAt = Date.now() + context.lifetimeMs * 3;
  for (; Date.now() < endAt; published += 1) {
    await publisher.command('PUBLISH', 'news', String(published));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await context.eventually('the subscriber is back', async () => {
    await publisher.command('PUBLISH', 'news', 'last');
    return received.includes('last');
  });
  assertNothingExpired(context);
  return { published, received: received.filter((message) => message !== 'last') };
}

export const subscriberResp2: Scenario = {
  id: 'reauth/subscriber-resp2',
  title: 'a RESP2 subscriber is handed over before expiry; no message is lost, or the loss is declared',
  why: 'Redisson #7052, .NET #69 and #70: the server cuts it at every expiry, in silence',
  requires: ['subscribe', 'resp2-subscriber-lossless'],
  topologies: ['standalone'],
  resp: [2],
  async run(context) {
    const { published, received } = await stays(context);
    assert.equal(new Set(received).size, published);
  },
  async otherwise(context) {
    const { published, received } = await stays(context);
    assert.ok(received.length > published * 0.8, `${published - received.length} of ${published} messages lost`);
  },
};
