import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensAccepted } from '../wire.ts';
import { assertNothingExpired, rotateEverywhere, touchEveryNode } from '../steps.ts';

const key = 'key:0';
/** Of the key. The fake cache has no CLUSTER KEYSLOT to ask. */
const slot = 2592;

export const clusterMoved: Scenario = {
  id: 'topology/cluster-moved',
  title: 'a node that is first seen after a refresh, by MOVED, gets the current token',
  why: 'a cluster that scales out: a client that remembers the token of its birth is refused there',
  requires: ['cluster'],
  topologies: ['cluster'],
  lifetimeMs: 8000,
  mustExit: true,
  async run(context) {
    const { target } = context;
    const session = await context.connect();
    await touchEveryNode(session);
    await rotateEverywhere(context);
    const known = new Set(logins(target.timeline).map(({ node }) => node));
    await target.addNode?.();
    await target.moveSlot?.(slot);
    await context.eventually('the key on its new node', async () => {
      assert.equal(await session.command('SET', key, 'moved'), 'OK');
      return logins(target.timeline).some(({ node }) => !known.has(node));
    });
    const newest = tokensAccepted(target.timeline).at(-1);
    const first = logins(target.timeline).find(({ node }) => !known.has(node));
    assert.equal(first?.login.token, newest, 'not the newest token');
    assert.equal(await session.command('GET', key), 'moved');
    await rotateEverywhere(context);
    assertNothingExpired(context);
  },
};
