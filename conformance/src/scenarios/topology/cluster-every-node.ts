import type { Scenario } from '../scenario.ts';
import { assertNothingExpired, assertOneAuthPerToken, rotateEverywhere, touchEveryNode } from '../steps.ts';
import { nodesWithLogins } from './nodes-with-logins.ts';

export const clusterEveryNode: Scenario = {
  id: 'topology/cluster-every-node',
  title: 'a refresh is one AUTH on every connection of a cluster: masters, replicas, the subscriber',
  why: '.NET, where each node and each kind of connection logs in by itself; ioredis #1738 leaves clusters out',
  requires: ['cluster', 'subscribe'],
  topologies: ['cluster'],
  async run(context) {
    const session = await context.connect({ readReplicas: true });
    await touchEveryNode(session);
    const received: string[] = [];
    await session.subscribe('news', (message) => received.push(message));
    await context.eventually('every master and replica is reached', async () => {
      await touchEveryNode(session);
      return nodesWithLogins(context).size >= 6;
    });
    await rotateEverywhere(context);
    await touchEveryNode(session);
    const publisher = await context.connect();
    await publisher.command('PUBLISH', 'news', 'hello');
    await context.eventually('the message', () => received.includes('hello'));
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
