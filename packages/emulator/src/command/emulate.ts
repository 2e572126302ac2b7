import { startCache } from '../cache/start-cache.ts';
import { startEntra } from '../entra/start-entra.ts';
import { startGate } from '../gate/start-gate.ts';
import { createCertificateAuthority } from '../tls/certificates.ts';
import type { Endpoint, EntraServer, TlsIdentity } from '../types.ts';
import { createEnvironment, type Environment } from './environment.ts';
import { accessPoliciesFrom, type EmulateOptions } from './options.ts';
import { tellingTimeline } from './watch.ts';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Runs until SIGINT or SIGTERM; leaves nothing behind. */
export async function emulate(options: EmulateOptions): Promise<void> {
  const started: { close(): Promise<void> | void }[] = [];
  try {
    const { lifetime: lifetimeMs, objectId } = options;
    const entra = await startEntra({ lifetimeMs, ...(objectId === undefined ? {} : { objectId }) });
    started.unshift(entra);
    const cache = await startEndpoint(entra, options);
    started.unshift(cache);
    const environment = createEnvironment(entra, cache);
    started.unshift({ close: () => environment.remove() });
    // The reader of the introduction may stop us at once.
    const stopped = interrupted();
    introduce(cache, environment, options);
    await stopped;
    console.log('Stopping.');
  } finally {
    for (const part of started) await part.close();
  }
}

async function startEndpoint(entra: EntraServer, options: EmulateOptions): Promise<Endpoint> {
  const { host, port, upstream } = options;
  const tls: { tls?: TlsIdentity } = options.tls ? { tls: await cacheIdentity(host) } : {};
  const timeline = tellingTimeline((line) => console.log(line));
  const accessPolicies = accessPoliciesFrom(options);
  const common = {
    ...{ verifier: entra.verifier, host, port, timeline, record: 'logins' as const, ...tls },
    ...(accessPolicies && { accessPolicies }),
  };
  if (upstream !== undefined) {
    if (options.cluster) throw new Error('--cluster is for the in-memory cache: leave out --upstream.');
    return await startGate({ ...common, upstream });
  }
  return await startCache({ ...common, ...(options.cluster ? { cluster: { masters: 3, replicasPerMaster: 1 } } : {}) });
}

async function cacheIdentity(host: string): Promise<TlsIdentity> {
  const authority = await createCertificateAuthority();
  return await authority.issue([...new Set(['localhost', '127.0.0.1', host])]);
}

function introduce(cache: Endpoint, { variables }: Environment, options: EmulateOptions): void {
  const { upstream, host, cluster, tls } = options;
  const what =
    upstream === undefined
      ? `in memory${cluster ? ', a cluster' : ''}`
      : `in front of ${upstream.host}:${upstream.port}`;
  console.log(`Cache on ${cache.host}:${cache.port}, ${what}. In another terminal:\n`);
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${value}`);
  const open = loopback.test(host)
    ? 'Only this machine can reach it.'
    : `Listening on ${host}: everybody in your network can reach the cache.`;
  const secure = tls
    ? ' It speaks TLS, which clients leave off on this machine: rediss://, or tls: {} for ioredis.'
    : '';
  console.log(`\n${open}${secure} new DefaultAzureCredential() gets its tokens here. Ctrl-C stops it.\n`);
}

async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
