import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCertificateAuthority,
  createTimeline,
  type Endpoint,
  type EntraServer,
  startCache,
  startEntra,
  startGate,
  type TlsIdentity,
  type WireEntry,
  type WireTimeline,
} from '@entra-redis/emulator';
import { type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import type { Cloud } from './clouds.ts';
import { startElasticache } from './elasticache.ts';
import { startMemorystore } from './memorystore.ts';
import type { Place } from './programs.ts';

/** Host names of the pages. */
const hosts = [
  'my-cache.westeurope.redis.azure.net',
  'my-cache.redis.cache.windows.net',
  'my-cache.usgovvirginia.redis.usgovcloudapi.net',
  'master.my-cache.abc123.euw1.cache.amazonaws.com',
  '10.128.0.12',
  'localhost',
];

/**
 * Life of a token, short enough to see it replaced twice. A token expires at a whole second, up to one earlier than it says: of 6 s that
 * left 0.4 s between the renewal and the planned reconnect, which is less than a hand-over takes on a busy machine.
 */
const lifetimeMs = 9000;

export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly timeline: WireTimeline;
  /** Resolves with every entry from now on. */
  onEntry(listener: (entry: WireEntry) => void): void;
  readonly env: Readonly<Record<string, string>>;
}

/** Microsoft Entra, a real Redis, and an authority that every program trusts; servers as Azure has them, one for each program. */
export interface World extends AsyncDisposable {
  readonly entra: EntraServer;
  /** Variables of the identity: a managed one, as on a virtual machine of Azure. */
  readonly env: Readonly<Record<string, string>>;
  start(place: Place): Promise<Server | undefined>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-docs-'));
  const entra = await startEntra({ lifetimeMs });
  const authority = await createCertificateAuthority();
  const tls = await authority.issue(hosts);
  const redis = await startRedisServer();
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, [entra.ca, authority.ca].join('\n'));
  return {
    entra,
    env: { NODE_EXTRA_CA_CERTS: caFile, AZURE_POD_IDENTITY_AUTHORITY_HOST: entra.imdsHost },
    start: (place) => startServer(place, { entra, tls, redis }),
    async [Symbol.asyncDispose]() {
      await redis.close();
      await entra.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Parts {
  readonly entra: EntraServer;
  readonly tls: TlsIdentity;
  readonly redis: RedisServer;
}

async function startServer(place: Place, { entra, tls, redis }: Parts): Promise<Server | undefined> {
  if (place === 'entra' || place === 'alone' || place === 'nowhere') return undefined;
  const { timeline, onEntry } = listenableTimeline();
  const common = { tls, timeline, record: 'logins' as const };
  if (place === 'cache') {
    const upstream = { host: redis.host, port: redis.port };
    return toServer(await startGate({ ...common, verifier: entra.verifier, upstream }), onEntry);
  }
  if (place === 'cluster') {
    // As in Azure nodes announce addresses, which are in no certificate.
    const cluster = { masters: 3, replicasPerMaster: 1, announceHost: '192.0.2.1' };
    return toServer(await startCache({ ...common, verifier: entra.verifier, cluster }), onEntry);
  }
  const cloud = await (place === 'elasticache' ? startElasticache() : startMemorystore());
  return toServer(await startCache({ ...common, verifier: cloud.verifier }), onEntry, cloud);
}

function toServer(endpoint: Endpoint, onEntry: Server['onEntry'], cloud?: Cloud): Server {
  return {
    port: endpoint.port,
    timeline: endpoint.timeline,
    onEntry,
    env: cloud?.env ?? {},
    async [Symbol.asyncDispose]() {
      await endpoint.close();
      await cloud?.close();
    },
  };
}

/** A timeline that tells of each entry as it comes. */
function listenableTimeline(): { timeline: WireTimeline; onEntry: Server['onEntry'] } {
  const timeline = createTimeline();
  const listeners: ((entry: WireEntry) => void)[] = [];
  const add = timeline.add.bind(timeline);
  timeline.add = (entry) => {
    add(entry);
    for (const listener of listeners) listener(entry);
  };
  return { timeline, onEntry: (listener) => listeners.push(listener) };
}
