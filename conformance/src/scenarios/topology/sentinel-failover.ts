import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { commandsOf, logins, tokensAccepted } from '../wire.ts';
import { assertNoneOlder, assertNothingExpired, isBack, rotateEverywhere } from '../steps.ts';

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
    const writes = commandsOf(target.timeline, 'SET');
    const [first, last] = [writes.at(0), writes.at(-1)];
    assert.notEqual(last?.node, first?.node, 'the write went to the old master');
    const onNewMaster = logins(target.timeline)
      .slice(before)
      .filter(({ node }) => node === last?.node);
    assertNoneOlder(context, onNewMaster, newest);
    assert.deepEqual(
      target.timeline.landmarks.filter(({ event }) => event === 'refused').map(({ text }) => text),
      [],
    );
    await rotateEverywhere(context);
    assertNothingExpired(context);
  },
};
