import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins, tokensAccepted } from '../../wire.ts';
import { assertNothingExpired, isBack } from '../steps.ts';
import { rotateEverywhere } from './steps.ts';

export const sentinelFailover: Scenario = {
  id: 'topology/sentinel-failover',
  title: 'after a refresh and a failover the new master gets the current token',
  why: 'a failover is the first reconnect for months: it meets whatever token the client was made with',
  requires: ['sentinel'],
  topologies: ['sentinel'],
  lifetimeMs: 6000,
  async run(context) {
    const { target } = context;
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'before'), 'OK');
    await rotateEverywhere(context);
    const before = logins(target.timeline).length;
    const newest = tokensAccepted(target.timeline).at(-1);
    await target.failover?.();
    await isBack(context, session);
    await context.eventually('a write on the new master', async () => {
      return (await session.command('SET', 'key', 'after')) === 'OK';
    });
    const [first] = logins(target.timeline).slice(before);
    assert.ok(first !== undefined, 'nobody logged in to the new master');
    const known = tokensAccepted(target.timeline);
    assert.ok(known.indexOf(first.login.token) >= known.indexOf(newest ?? ''), 'an older token was used');
    assert.deepEqual(
      target.timeline.entries.filter(({ event }) => event === 'refused').map(({ text }) => text),
      [],
    );
    await rotateEverywhere(context);
    assertNothingExpired(context);
  },
};
