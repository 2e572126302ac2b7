import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { everywhere, givesUp, isBack, told } from '../steps.ts';

export const firstTokenFails: Scenario = {
  id: 'connect/first-token-fails',
  title: 'the first token request fails: a typed error for the user, then recovery, and queued commands settle',
  why: 'ioredis #2170 and PR 2171; @redis/entraid N1 (subscribers pending for ever) and N9 (no retry)',
  requires: ['outage-keeps-queue', 'retries-first-connect'],
  topologies: everywhere,
  async run(context) {
    context.target.entra.fail({ kind: 'status', status: 503 }, 2);
    const session = await context.open();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    assert.match(told(context, session), /\b503\b/, 'the user was not told what failed');
  },
  async otherwise(context) {
    context.target.entra.fail({ kind: 'status', status: 503 }, 2);
    const session = await context.open();
    if (!context.supports('retries-first-connect')) return await givesUp(context, session, /\b503\b/);
    // It settles, and says why.
    await assert.rejects(session.command('SET', 'key', 'value'), /\b503\b/);
    await isBack(context, session);
  },
};
