import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { everywhere } from '../steps.ts';

export const waitsForFirstToken: Scenario = {
  id: 'connect/waits-for-first-token',
  title: 'commands queue while the first token is on its way; none fails',
  why: 'langfuse PR 16444: an application that starts faster than its identity',
  requires: ['waits-for-first-token'],
  topologies: everywhere,
  async run(context) {
    context.target.entra.fail({ kind: 'delay', delayMs: 1000 });
    const session = await context.open();
    const replies = await Promise.all([session.command('SET', 'key', 'value'), session.command('GET', 'key')]);
    assert.deepEqual(replies, ['OK', 'value']);
    assert.deepEqual(session.errors, []);
    assert.equal(context.target.entra.requests.length, 1, 'one token request');
  },
  async otherwise(context) {
    context.target.entra.fail({ kind: 'delay', delayMs: 1000 });
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    assert.equal(context.target.entra.requests.length, 1, 'one token request');
  },
};
