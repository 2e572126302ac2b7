import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { errorName, textOf, touchEveryNode } from '../steps.ts';

export const clusterRootOnly: Scenario = {
  id: 'topology/cluster-root-only',
  title: 'credentials that only the root nodes see: a typed error, or they work everywhere',
  why: 'node-redis T2: the data nodes are then silently asked as the default user',
  requires: ['cluster'],
  topologies: ['cluster'],
  async run(context) {
    const opened = await context.open({ rootOnly: true }).catch((error: unknown) => error as Error);
    if (opened instanceof Error) {
      assert.match(textOf(opened), errorName(context), 'no typed error');
      return;
    }
    let works = false;
    touchEveryNode(opened).then(
      () => (works = true),
      () => undefined,
    );
    await context.eventually('a typed error, or every node answers', () => works, context.scaled(15_000));
  },
};
