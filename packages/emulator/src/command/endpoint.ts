import { randomUUID } from 'node:crypto';
import { findRedisProgram, startRedisServer } from '@entra-redis/redis-server';
import { certificateNames } from '../addresses.ts';
import { startCache } from '../cache/start-cache.ts';
import { startEntra } from '../entra/start-entra.ts';
import { startGate } from '../gate/start-gate.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import { createCertificateAuthority } from '../tls/certificates.ts';
import type { Endpoint, EntraServer, TlsIdentity } from '../types.ts';
import { accessPoliciesFrom, type EmulateOptions } from './options.ts';

/** A cache, and what people should know of it. */
export interface StartedCache {
  readonly endpoint: Endpoint;
  readonly what: string;
  /** Resolves, with the reason, when it ends by itself. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** One certificate for both, by every name under which they are reached. */
export async function createIdentity({ host }: EmulateOptions): Promise<TlsIdentity> {
  const authority = await createCertificateAuthority();
  return await authority.issue(certificateNames(host));
}

export async function startIdentityProvider(options: EmulateOptions, tls: TlsIdentity): Promise<EntraServer> {
  const { lifetime: lifetimeMs, objectId, host, entraPort: port } = options;
  try {
    return await startEntra({ lifetimeMs, host, port, tls, ...(objectId === undefined ? {} : { objectId }) });
  } catch (error) {
    throw inWords(error, '--entra-port', host);
  }
}

/** The cache that the options name: a real server of this machine where there is one. */
export async function startEmulatedCache(
  options: EmulateOptions,
  from: {
    readonly entra: EntraServer;
    readonly tls: TlsIdentity;
    readonly port: number;
    readonly timeline: TimelineRecorder;
  },
): Promise<StartedCache> {
  const { host, upstream, cluster } = options;
  const accessPolicies = accessPoliciesFrom(options);
  const common = {
    ...{ verifier: from.entra.verifier, host, port: from.port, timeline: from.timeline, record: 'logins' as const },
    ...(options.tls && { tls: from.tls }),
    ...(accessPolicies && { accessPolicies }),
  };
  const never = new Promise<string>(() => undefined);
  try {
    if (upstream !== undefined) {
      const endpoint = await startGate({ ...common, upstream });
      const what = `in front of ${upstream.host}:${upstream.port}`;
      return { endpoint, what, ended: never, close: () => endpoint.close() };
    }
    if (isReal(options)) return await startReal(common);
    const cache = await startCache({ ...common, ...(cluster && { cluster: { masters: 3, replicasPerMaster: 1 } }) });
    const what = `a fake that knows few commands${cluster ? ', a cluster' : adviceFor(options)}`;
    return { endpoint: cache, what, ended: never, close: () => cache.close() };
  } catch (error) {
    throw inWords(error, '--port', host);
  }
}

function isReal({ cache, cluster }: EmulateOptions): boolean {
  return cache === 'real' || (cache === undefined && cluster !== true && findRedisProgram() !== undefined);
}

const adviceFor = ({ cache }: EmulateOptions): string =>
  cache === 'fake'
    ? ''
    : '; for a real one install redis-server or valkey-server, or set REDIS_SERVER to the path of one';

/** A server of our own behind the gate. Its password keeps the programs of this machine from going around the gate. */
async function startReal(common: Omit<Parameters<typeof startGate>[0], 'upstream'>): Promise<StartedCache> {
  const password = randomUUID();
  const server = await startRedisServer({ config: `requirepass ${password}\n` }).catch((cause: Error) => {
    throw new Error(`${cause.message.replace(/\.$/, '')}. --cache fake does without one.`, { cause });
  });
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    await server.close();
  };
  try {
    const upstream = { host: server.host, port: server.port, password };
    const gate = await startGate({ ...common, upstream, maintenanceNotifications: true });
    return {
      endpoint: gate,
      what: `redis-server ${server.version} of this machine, which keeps nothing`,
      ended: new Promise((resolve) => void server.gone.then(() => closing || resolve('the redis-server has ended'))),
      close: () => gate.close().then(close),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is wrong with the address or the port, in the words of the command line. */
function inWords(error: unknown, option: string, host: string): unknown {
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} is in use: choose another with ${option}, 0 for a free one.`);
  if (code === 'EACCES') return new Error(`port ${port} needs more rights: choose another with ${option}.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Error(`--host ${host} is no address of this machine: choose one of its own, or 0.0.0.0 for all.`);
  }
  return error;
}
