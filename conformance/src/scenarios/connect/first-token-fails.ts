import assert from 'node:assert/strict';
import type { Context, Scenario } from '../scenario.ts';
import { errorName, everywhere, givesUp, isBack, told } from '../steps.ts';

/** What failed, with a name to tell it by, as ERR_TOKEN_REQUEST_FAILED. */
const typedIn = (context: Context): RegExp => new RegExp(`(?:${errorName(context).source})[^]*\\b503\\b`);

export const firstTokenFails: Scenario = {
  id: 'connect/first-token-fails',
  title: 'the first token request fails: a typed error for the user, then recovery, and queued commands settle',
  why: 'ioredis #2170 and PR 2171; @redis/entraid N1 (subscribers pending for ever) and N9 (no retry)',
  requires: ['outage-keeps-queue', 'retries-first-login'],
  topologies: everywhere,
  async run(context) {
    context.target.entra.fail({ kind: 'status', status: 503 }, 2);
    const session = await context.open();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    assert.match(told(context, session), typedIn(context), 'the user was not told what failed, with a code');
  },
  async otherwise(context) {
    context.target.entra.fail({ kind: 'status', status: 503 }, 2);
    const session = await context.open();
    if (!context.supports('retries-first-login')) return await givesUp(context, session, typedIn(context));
    // It settles, and says why.
    await assert.rejects(session.command('SET', 'key', 'value'), /\b503\b/);
    assert.match(told(context, session), typedIn(context), 'the user was not told what failed, with a code');
    await isBack(context, session);
  },
};
