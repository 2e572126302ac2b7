import {
  type CacheOptions,
  type CacheServer,
  createCertificateAuthority,
  type EntraServer,
  startCache,
  startEntra,
} from '@entra-redis/emulator';
import { defaultScope } from '@entra-redis/token-manager';
import { type Network, systemNetwork } from '../../src/io/network.ts';
import { renderStep } from '../../src/render.ts';
import type { Report, StepReport } from '../../src/report.ts';
import { examine } from '../../src/examine.ts';
import { parseTarget, type TargetOptions } from '../../src/target.ts';
import type { DoctorIo, DoctorOptions } from '../../src/types.ts';

export const managedRedis = 'my-cache.westeurope.redis.azure.net';
export const cacheForRedis = 'my-cache.redis.cache.windows.net';
export const identity = {
  tenantId: '00000000-0000-4000-8000-00000000000a',
  clientId: '00000000-0000-4000-8000-00000000000b',
  objectId: '00000000-0000-4000-8000-00000000000c',
};

const azurePorts: ReadonlySet<number> = new Set([10_000, 6380]);

/** A network in which every name is this machine, and Azure's ports are the given one. */
export const networkTo = (port: number, changes: Partial<Network> = {}): Network => ({
  ...systemNetwork,
  lookup: () => Promise.resolve(['127.0.0.1']),
  aliases: () => Promise.resolve([]),
  connect: (_address, asked, timeoutMs) =>
    systemNetwork.connect('127.0.0.1', azurePorts.has(asked) ? port : asked, timeoutMs),
  ...changes,
});

/** What the system says when it cannot connect, or resolve. */
export const failing = (code: string) => (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));

export interface Examination extends Partial<DoctorOptions>, TargetOptions {
  readonly host?: string;
  readonly network: Network;
  readonly requestToken?: DoctorIo['requestToken'];
  readonly now?: () => number;
}

/** Runs the doctor in this process, with tokens that `entra` signs. */
export async function diagnose(entra: EntraServer, examination: Examination): Promise<Report> {
  const { host = managedRedis, network, requestToken, now, tls, plainText, servername, ...options } = examination;
  let random = 0;
  return await examine(
    parseTarget(host, { tls, plainText, servername }),
    {
      timeoutMs: 2000,
      credentialTimeoutMs: 5000,
      credential: 'default',
      scope: defaultScope,
      write: true,
      keyPrefix: 'entra-redis-doctor:',
      ...options,
    },
    {
      network,
      requestToken: requestToken ?? (() => tokenOf(entra)),
      now: now ?? (() => Date.now()),
      random: () => `random-${++random}`,
    },
  );
}

export async function tokenOf(entra: EntraServer, audience?: string): ReturnType<DoctorIo['requestToken']> {
  const { value, expiresAt } = await entra.issueToken(audience === undefined ? {} : { audience });
  return { token: { value, expiresAt, obtainedAt: Date.now() }, source: 'TestCredential' };
}

export interface Azure extends AsyncDisposable {
  readonly entra: EntraServer;
  readonly cache: CacheServer;
  readonly ca: string;
  /** Walks the chain against the cache, by the host name that its certificate has. */
  diagnose(examination?: Partial<Examination>): Promise<Report>;
}

/** An Entra and a TLS cache that answers to a host name of Azure. */
export async function startAzure(options: Partial<CacheOptions> & { host?: string } = {}): Promise<Azure> {
  const { host = managedRedis, ...rest } = options;
  const [entra, authority] = await Promise.all([startEntra(identity), createCertificateAuthority()]);
  const cache = await startCache({ verifier: entra.verifier, tls: await authority.issue([host]), ...rest });
  return {
    entra,
    cache,
    ca: authority.ca,
    diagnose: (examination = {}) =>
      diagnose(entra, { host, network: networkTo(cache.port), ca: authority.ca, ...examination }),
    [Symbol.asyncDispose]: async () => {
      await cache.close();
      await entra.close();
    },
  };
}

/** The step that failed, or the given one. */
export function stepOf(report: Report, id?: StepReport['id']): StepReport {
  const step = report.steps.find((each) => (id === undefined ? each.status === 'failed' : each.id === id));
  if (step === undefined) throw new Error(`no ${id ?? 'failed step'} in ${JSON.stringify(report.steps, undefined, 1)}`);
  return step;
}

/** The words of one step as people see them, without what differs from run to run. */
export function words(report: Report, id?: StepReport['id']): string {
  const step = JSON.parse(normalize(JSON.stringify(stepOf(report, id)))) as StepReport;
  return renderStep(step, { paint: (_style, plain) => plain, width: 110 }).trimEnd();
}

export function normalize(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<time>')
    .replaceAll(/\(\d+\s+(ms|s|min|h|days)\)/g, '(<duration>)')
    .replaceAll(/(127\.0\.0\.1|localhost):(?!10000\b|6380\b)\d{4,5}/g, '$1:<port>')
    .replaceAll(/in less than 1 ms|in \d+ ms at best of 5/g, 'in <duration>')
    .replaceAll(/emulator [\da-f-]{36}/g, 'emulator <id>');
}
