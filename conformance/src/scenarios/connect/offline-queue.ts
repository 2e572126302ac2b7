import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { everywhere, rotate, untilDown } from '../steps.ts';

export const offlineQueue: Scenario = {
  id: 'connect/offline-queue',
  title: 'commands issued while the connection is down run after the login; none fails',
  why: '.NET; a NOAUTH for the first of them is what a login behind the queue does',
  requires: ['offline-queue'],
  topologies: everywhere,
  async run(context) {
    const session = await context.connect();
    await rotate(context, 1);
    context.target.fault({
      match: ['AUTH', 'HELLO'],
      times: Number.POSITIVE_INFINITY,
      action: { kind: 'delay', delayMs: 500 },
    });
    context.target.cut();
    await untilDown(context, session);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, i) => session.command('SET', `key:${i}`, String(i))),
    );
    assert.deepEqual(new Set(replies), new Set(['OK']));
  },
};
