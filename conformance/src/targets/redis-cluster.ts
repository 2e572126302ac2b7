import { startEntra } from '@entra-redis/emulator';
import { startClusterServers } from './cluster-servers.ts';
import { Gates } from './gates.ts';
import { localhostIdentity } from './localhost-identity.ts';
import { withCloseStack } from './close-stack.ts';
import type { RunningTarget, StartOptions, Target } from './target.ts';

const masters = 3;

/**
 * Three real masters with a replica each, all behind gates that speak TLS. As in Azure the nodes announce IP addresses, and the
 * certificate names the host only.
 */
export const redisCluster: Target = {
  name: 'redis-cluster',
  topology: 'cluster',
  resp: [2, 3],
  required: true,
  start: startCluster,
};

function startCluster({ lifetimeMs, onProgress }: StartOptions): Promise<RunningTarget> {
  return withCloseStack(async (stack) => {
    const tls = await localhostIdentity();
    const entra = stack.use(await startEntra({ lifetimeMs }));
    const cluster = stack.use(await startClusterServers(masters, onProgress));
    const gates = new Gates(stack, { verifier: entra.verifier, tls });
    const ports: number[] = [];
    for (const [index, { server }] of cluster.nodes.entries())
      ports.push((await gates.open(server, `node-${index + 1}`)).port);
    return {
      endpoint: {
        topology: 'cluster',
        host: 'localhost',
        port: ports[0] ?? 0,
        ca: tls.ca,
        servername: 'localhost',
      },
      entra,
      ...gates.controls,
      servers: cluster.nodes.map(({ server }) => server),
      failover: () => cluster.failover(),
      moveSlot: (slot) => cluster.moveSlot(slot),
      addNode: async () => {
        const { server } = await cluster.addMaster();
        await gates.open(server, `node-${cluster.nodes.length}`);
      },
      close: () => stack.close(),
    };
  });
}
