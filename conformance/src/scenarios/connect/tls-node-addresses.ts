import assert from 'node:assert/strict';
import type { Context, Scenario } from '../scenario.ts';
import { tokensAccepted } from '../wire.ts';
import { touchEveryNode } from '../steps.ts';
import { nodesWithLogins } from '../topology/nodes-with-logins.ts';

export const tlsNodeAddresses: Scenario = {
  id: 'connect/tls-node-addresses',
  title:
    'nodes announce IP addresses, the certificate names the host: it is verified against the host, never not at all',
  why: 'https://github.com/redis/node-redis/issues/2903, https://github.com/redis/ioredis/issues/1149: users switch verification off',
  requires: ['cluster', 'server-name'],
  topologies: ['cluster'],
  lifetimeMs: 60_000,
  async run(context) {
    await reachesEveryNode(context);
    const before = tokensAccepted(context.target.timeline).length;
    // With tokens of its own, so that its logins would show.
    const application = await context.startApplication();
    const stranger = await context.open({ application, endpoint: { servername: 'other.example' } });
    const refused = stranger.ready().then(
      () => 'connected',
      (error: unknown) => String(error),
    );
    await context.eventually('an error of verification', async () => {
      const told = [...stranger.errors, await Promise.race([refused, Promise.resolve('')])].join('\n');
      return told !== '';
    });
    assert.equal(
      tokensAccepted(context.target.timeline).length,
      before,
      'a client logged in to a host it could not verify',
    );
  },
  // Nobody can make it expect another name.
  otherwise: reachesEveryNode,
};

async function reachesEveryNode(context: Context): Promise<void> {
  await touchEveryNode(await context.connect());
  assert.ok(nodesWithLogins(context).size >= 3, 'not every master was reached');
}
