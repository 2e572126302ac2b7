import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { everywhere, isBack, outagePastExpiry, untilDown } from '../steps.ts';

export const expiredNeverSent: Scenario = {
  id: 'connect/expired-never-sent',
  title: 'with an expired token, a reconnect waits for a fresh one',
  why: '@redis/entraid N5; valkey-glide #5157: the expired token is refused, and the client reports it forever',
  topologies: everywhere,
  lifetimeMs: 2000,
  async run(context) {
    const { entra, timeline } = context.target;
    const session = await context.connect();
    await outagePastExpiry(context);
    await untilDown(context, session);
    await context.eventually(
      'a try for a token after expiry',
      () => entra.requests.filter(({ outcome }) => outcome === 'status').length > 4,
    );
    entra.heal();
    await isBack(context, session);
    const refused = timeline.landmarks.filter(({ event }) => event === 'refused');
    assert.deepEqual(
      refused.map(({ text }) => text),
      [],
      'the server refused a login',
    );
  },
};
