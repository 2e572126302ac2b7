import {
  type CacheOptions,
  type CacheServer,
  type Endpoint as Node,
  startCache,
  startEntra,
} from '@entra-redis/emulator';
import { localhostIdentity } from './localhost-identity.ts';
import { withCloseStack } from './close-stack.ts';
import { masterName } from './sentinel-servers.ts';
import type { Endpoint, RunningTarget, Target } from './target.ts';

type Shape = Omit<CacheOptions, 'verifier'>;

/** Our in-memory RESP server. */
export const fake: Target = fakeTarget('fake', 'standalone', async () => ({}));

/** Three masters with a replica each; as in Azure they announce IP addresses, and the certificate names the host only. */
export const fakeCluster: Target = fakeTarget('fake-cluster', 'cluster', async () => ({
  cluster: { masters: 3, replicasPerMaster: 1, announceHost: '127.0.0.1' },
  tls: await localhostIdentity(),
}));

/** A master with two replicas, and a sentinel that nobody has to log in to. */
export const fakeSentinel: Target = fakeTarget('fake-sentinel', 'sentinel', async () => ({
  sentinel: { masterName, replicas: 2 },
}));

function fakeTarget(name: string, topology: Target['topology'], shape: () => Promise<Shape>): Target {
  const start: Target['start'] = ({ lifetimeMs }) =>
    withCloseStack(async (stack) => {
      const entra = stack.use(await startEntra({ lifetimeMs }));
      const cache = stack.use(await startCache({ verifier: entra.verifier, ...(await shape()) }));
      return {
        endpoint: endpointOf(cache, topology),
        entra,
        timeline: cache.timeline,
        cut: (connections) => cache.cut(connections),
        fault: (fault) => cache.fault(fault),
        heal: () => cache.heal(),
        ...steering(cache, topology),
        close: () => stack.close(),
      };
    });
  return { name, topology, simulated: true, resp: [2, 3], required: true, start };
}

function endpointOf({ host, port, tls, sentinels }: CacheServer, topology: Target['topology']): Endpoint {
  if (topology === 'sentinel') {
    const [sentinel] = sentinels;
    return { topology, host: sentinel?.host ?? host, port: sentinel?.port ?? port, masterName };
  }
  if (tls === undefined) return { topology, host, port };
  return { topology, host: 'localhost', port, ca: tls.ca, servername: 'localhost' };
}

function steering(cache: CacheServer, topology: Target['topology']): Partial<RunningTarget> {
  if (topology === 'standalone') {
    const maintain = async (timeSeconds: number): Promise<number> =>
      cache.maintain({ kind: 'moving', timeSeconds, to: await cache.addAddress() });
    return { maintain, addAddress: () => cache.addAddress() };
  }
  const failover = async (): Promise<void> => cache.failover();
  if (topology === 'sentinel') return { failover };
  let newest: Node | undefined;
  return {
    failover,
    addNode: async () => {
      newest = await cache.addNode();
    },
    moveSlot: async (slot) => cache.moveSlot(slot, newest ?? (cache.nodes[2] as Node)),
  };
}
