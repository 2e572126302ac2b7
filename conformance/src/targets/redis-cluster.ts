import {
  createCertificateAuthority,
  createFaults,
  createTimeline,
  type Gate,
  startEntra,
  startGate,
} from '@entra-redis/emulator';
import { type ClusterNode, startClusterServers } from './cluster-servers.ts';
import { gateAddresses } from './gate-addresses.ts';
import { startParts } from './parts.ts';
import type { RunningTarget, Target } from './types.ts';

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
  start: ({ lifetimeMs }) => startCluster(lifetimeMs),
};

function startCluster(lifetimeMs: number): Promise<RunningTarget> {
  return startParts(async (parts) => {
    const tls = await (await createCertificateAuthority()).issue(['localhost']);
    const entra = parts.use(await startEntra({ lifetimeMs }));
    const cluster = parts.use(await startClusterServers(masters));
    const timeline = createTimeline();
    const faults = createFaults();
    const addresses = gateAddresses();
    const gates: Gate[] = [];
    const openGate = async ({ server }: ClusterNode): Promise<void> => {
      const common = { verifier: entra.verifier, tls, timeline, faults, rewriteAddress: addresses.rewrite };
      const gate = parts.use(await startGate({ ...common, upstream: server, name: `node-${gates.length + 1}` }));
      addresses.add(server, gate);
      gates.push(gate);
    };
    for (const node of cluster.nodes) await openGate(node);
    return {
      endpoint: {
        topology: 'cluster',
        host: 'localhost',
        port: gates[0]?.port ?? 0,
        ca: tls.ca,
        servername: 'localhost',
      },
      entra,
      timeline,
      servers: cluster.nodes.map(({ server }) => server),
      cut: (connections) => gates.forEach((gate) => gate.cut(connections)),
      fault: (fault) => faults.fault(fault),
      heal: () => faults.heal(),
      failover: () => cluster.failover(),
      moveSlot: (slot) => cluster.moveSlot(slot),
      addNode: async () => openGate(await cluster.addMaster()),
      close: () => parts.close(),
    };
  });
}
