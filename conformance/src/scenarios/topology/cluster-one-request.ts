import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { touchEveryNode } from '../steps.ts';
import { nodesWithLogins } from './nodes-with-logins.ts';

export const clusterOneRequest: Scenario = {
  id: 'topology/cluster-one-request',
  title: 'all connections of a cluster log in with one token request',
  why: '@redis/entraid N21: a cluster connect asks for two tokens, and the last dispose throws a valid one away',
  requires: ['cluster'],
  topologies: ['cluster'],
  lifetimeMs: 60_000,
  async run(context) {
    const session = await context.connect();
    await touchEveryNode(session);
    assert.ok(nodesWithLogins(context).size >= 3, 'not every master was reached');
    assert.equal(context.target.entra.requests.length, 1);
  },
};
