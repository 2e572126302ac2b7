import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { assertNothingExpired, assertOneAuthPerToken, repeatUntilStopped, rotate } from '../steps.ts';

export const subscriberResp3: Scenario = {
  id: 'reauth/subscriber-resp3',
  title: 'a RESP3 subscriber logs in again on its socket; no message is lost',
  why: '.NET README: RESP3 lets a subscriber AUTH in place',
  requires: ['subscribe', 'resp3-subscriber-reauth'],
  topologies: ['standalone'],
  resp: [3],
  async run(context) {
    const publisher = await context.connect();
    const subscriber = await context.connect();
    const received: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    const publishing = repeatUntilStopped((round) => publisher.command('PUBLISH', 'news', String(round)));
    await rotate(context, 2, 2);
    const published = await publishing.stop();
    await context.eventually('every message', () => received.length >= published);
    assert.deepEqual(
      received,
      Array.from({ length: published }, (_, i) => String(i)),
    );
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
