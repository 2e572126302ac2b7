import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { assertLoginFirst, everywhere } from '../steps.ts';

const tokenTakesMs = 2000;

export const waitsForFirstToken: Scenario = {
  id: 'connect/waits-for-first-token',
  title: 'commands queue while the first token is on its way; none fails',
  why: 'langfuse PR 16444: an application that starts faster than its identity',
  requires: ['waits-for-first-token'],
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    context.target.entra.fail({ kind: 'delay', delayMs: tokenTakesMs });
    const session = await context.open();
    const replies = await Promise.all([session.command('SET', 'key', 'value'), session.command('GET', 'key')]);
    assert.deepEqual(replies, ['OK', 'value']);
    assert.deepEqual(session.errors, []);
    assertLoginFirst(context);
    assert.equal(context.target.entra.requests.length, 1, 'one token request');
  },
  async otherwise(context) {
    context.target.entra.fail({ kind: 'delay', delayMs: tokenTakesMs });
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    assertLoginFirst(context);
    assert.equal(context.target.entra.requests.length, 1, 'one token request');
  },
};
