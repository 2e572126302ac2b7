import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { carriers, connectionOf, logins, reauths, tokensAccepted } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, everywhere, rotateEverywhere, touchEveryNode } from '../steps.ts';

export const oneAuth: Scenario = {
  id: 'reauth/one-auth',
  title: 'a refresh is exactly one AUTH on a live connection, which stays the same',
  why: 'the rule of the service: https://learn.microsoft.com/azure/redis/entra-for-authentication',
  topologies: everywhere,
  async run(context) {
    const { timeline } = context.target;
    const session = await context.connect();
    await touchEveryNode(session);
    const connections = carriers(timeline);
    await rotateEverywhere(context, 2);
    const tokens = tokensAccepted(timeline);
    if (context.target.endpoint.topology === 'standalone') assert.equal(reauths(timeline).length, tokens.length - 1);
    for (const connection of connections) {
      const own = logins(timeline).filter((entry) => connectionOf(entry) === connection);
      assert.deepEqual(
        own.map(({ login }) => login.token),
        tokens,
        `${connection} did not log in once with each token`,
      );
    }
    assert.ok(connections.size > 0, 'no connection to look at');
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
    assert.deepEqual(session.errors, []);
  },
};
