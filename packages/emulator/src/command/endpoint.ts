import { findRedisProgram } from '@entra-redis/redis-server';
import { addressOf, certificateNames } from '../addresses.ts';
import { startCache } from '../cache/start-cache.ts';
import { startEntra } from '../entra/start-entra.ts';
import { startGate } from '../gate/start-gate.ts';
import { askUpstream } from '../gate/upstream.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import { createCertificateAuthority } from '../tls/certificates.ts';
import type { EntraServer, TlsIdentity } from '../types.ts';
import { accessPoliciesFrom, type EmulateOptions, UsageError } from './options.ts';
import { portsOf, type StartedCache, startRealCache } from './real-cache.ts';

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
      await refuseCluster(upstream);
      const endpoint = await startGate({ ...common, upstream });
      const what = `in front of ${addressOf(upstream)}`;
      return { endpoint, what, ended: never, close: () => endpoint.close() };
    }
    if (isReal(options)) return await startRealCache(common, { cluster: cluster ?? false });
    const cache = await startCache({ ...common, ...(cluster && { cluster: { masters: 3, replicasPerMaster: 1 } }) });
    const masters = cluster ? `, three masters with a replica each (${portsOf(cache.nodes)})` : '';
    const what = `a fake that knows few commands${masters}${adviceFor(options)}`;
    return { endpoint: cache, what, ended: never, close: () => cache.close() };
  } catch (error) {
    throw inWords(error, '--port', host);
  }
}

/** Its nodes would send clients to each other, past the gate. Who may not ask is not refused: it may be none. */
async function refuseCluster(upstream: NonNullable<EmulateOptions['upstream']>): Promise<void> {
  const [info] = await askUpstream(upstream, [['INFO', 'cluster']]);
  if (!/^cluster_enabled:1/m.test(String(info))) return;
  throw new UsageError(
    `--upstream ${addressOf(upstream)} is a node of a cluster, which one gate cannot front: use --cluster instead, or call startGate for each node, with rewriteAddress.`,
  );
}

const isReal = ({ cache }: EmulateOptions): boolean =>
  cache === 'real' || (cache === undefined && findRedisProgram() !== undefined);

const adviceFor = ({ cache }: EmulateOptions): string =>
  cache === 'fake'
    ? ''
    : '; for a real one install redis-server or valkey-server, or set REDIS_SERVER to the path of one';

/** What is wrong with the address or the port, in the words of the command line. */
function inWords(error: unknown, option: string, host: string): unknown {
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} is in use: choose another with ${option}, 0 for a free one.`);
  if (code === 'EACCES') return new Error(`port ${port} needs more rights: choose another with ${option}.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Error(`--host ${host} is not an address of this machine: choose one that is, or 0.0.0.0 for all.`);
  }
  return error;
}
