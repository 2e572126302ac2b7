import { createCertificateAuthority, startEntra, type TlsIdentity } from '@entra-redis/emulator';
import { type ClusterNode, startClusterServers } from './cluster-servers.ts';
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
  start: (options) => startCluster(options, sharedCertificate),
};

/** The same, but each node has a certificate and a key of its own, for its address; that of the first one names the host, too. */
export const redisClusterCertificates: Target = {
  ...redisCluster,
  name: 'redis-cluster-certificates',
  start: (options) => startCluster(options, ownCertificates),
};

interface Certificates {
  readonly ca: string;
  /** Of every node. Without it the client verifies what it dials. */
  readonly servername?: string;
  /** Of the node with this number, from 0. */
  readonly of: (index: number) => Promise<TlsIdentity>;
}

async function sharedCertificate(): Promise<Certificates> {
  const identity = await localhostIdentity();
  return { ca: identity.ca, servername: 'localhost', of: async () => identity };
}

async function ownCertificates(): Promise<Certificates> {
  const authority = await createCertificateAuthority();
  const of = (index: number): Promise<TlsIdentity> =>
    authority.issue([...(index === 0 ? ['localhost'] : []), '127.0.0.1']);
  return { ca: authority.ca, of };
}

function startCluster(
  { lifetimeMs, onProgress }: StartOptions,
  certify: () => Promise<Certificates>,
): Promise<RunningTarget> {
  return withCloseStack(async (stack) => {
    const { of, ...trust } = await certify();
    const entra = stack.use(await startEntra({ lifetimeMs }));
    const cluster = stack.use(await startClusterServers(masters, onProgress));
    const gates = new Gates(stack, { verifier: entra.verifier });
    const open = async ({ server }: ClusterNode, index: number): Promise<number> =>
      (await gates.open(server, `node-${index + 1}`, { tls: await of(index) })).port;
    const ports: number[] = [];
    for (const [index, node] of cluster.nodes.entries()) ports.push(await open(node, index));
    return {
      endpoint: {
        topology: 'cluster',
        host: 'localhost',
        port: ports[0] ?? 0,
        ...trust,
      },
      entra,
      ...gates.controls,
      servers: cluster.nodes.map(({ server }) => server),
      failover: () => cluster.failover(),
      moveSlot: (slot) => cluster.moveSlot(slot),
      addNode: async () => {
        await open(await cluster.addMaster(), cluster.nodes.length - 1);
      },
      close: () => stack.close(),
    };
  });
}
