import { randomBytes, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { defaultScope } from '@entra-redis/token-manager';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type CredentialKind, credentialKinds } from './types.ts';
import { systemNetwork } from './io/network.ts';
import { type Paint, type RenderOptions, renderConclusion, renderHeading, renderStep } from './render.ts';
import { examine, type Progress } from './examine.ts';
import { at, parseTarget, UsageError } from './target.ts';

interface Flags {
  json?: boolean;
  credential: CredentialKind;
  clientId?: string;
  tenant?: string;
  scope: string;
  username?: string;
  ca?: string;
  servername?: string;
  tls?: boolean;
  plainText?: boolean;
  /** Seconds. */
  timeout: number;
  keyPrefix: string;
  write: boolean;
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 600) return value;
  throw new InvalidArgumentError('It takes seconds, more than 0 and at most 600.');
}

/** `entra-redis doctor`. Sets the exit code of the process. */
export function createDoctorCommand(): Command {
  return new Command('doctor')
    .description('check every step from DNS to a second AUTH, and say at each one what was found and what to do')
    .argument('[host:port]', 'the cache (default: REDIS_HOST and REDIS_PORT from the environment)')
    .option('--json', 'print the report as one JSON object')
    .addOption(
      new Option('--credential <kind>', 'the credential that requests the token')
        .choices(credentialKinds)
        .default('default'),
    )
    .option('--client-id <id>', 'client id of a user-assigned managed identity, or of a workload identity')
    .option('--tenant <id>', 'tenant that issues the token')
    .option('--scope <scope>', 'what the token is for', defaultScope)
    .option('--username <name>', "user name for AUTH (default: the token's object id)")
    .option('--ca <file>', 'certificate authority (PEM) to trust for the cache, in addition to those of the system')
    .option('--servername <name>', 'name that the certificate must have (default: the host)')
    .option('--tls', 'require TLS for a server on this machine, too')
    .option('--plain-text', 'no TLS: only for a server on this machine')
    .option('--timeout <seconds>', 'time limit for each lookup, connection and command', seconds, 5)
    .option('--key-prefix <prefix>', 'prefix of the key that is written, read and deleted', 'entra-redis-doctor:')
    .option('--no-write', 'skip the step that writes a key')
    .addHelpText(
      'after',
      '\nExit code: 0, or 10 to 21 for the step that failed (see the README). It never prints a token.',
    )
    .action(async (host: string | undefined, flags: Flags) => {
      process.exitCode = await doctor(host ?? hostOfEnvironment(), flags);
    });
}

function hostOfEnvironment(): string {
  const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
  if (!host) throw new UsageError('Which cache? Give its host name, or set REDIS_HOST and REDIS_PORT.');
  return port ? at(host, port) : host;
}

async function doctor(host: string, flags: Flags): Promise<number> {
  const target = parseTarget(host, flags);
  const ca = flags.ca === undefined ? undefined : await readCertificates(flags.ca);
  const { scope, credential: kind, clientId, tenant: tenantId } = flags;
  if (!flags.json) await print(renderHeading(target, style));
  const report = await examine(
    target,
    {
      timeoutMs: flags.timeout * 1000,
      credentialTimeoutMs: Math.max(60_000, flags.timeout * 1000),
      credential: kind,
      scope,
      authority: authorityOf(process.env),
      username: flags.username,
      ca,
      write: flags.write,
      keyPrefix: flags.keyPrefix,
    },
    {
      network: systemNetwork,
      requestToken: async (signal) => {
        // Loading it takes longer than the steps before: not before it is needed.
        const { requestToken } = await import('./io/credential.ts');
        return await requestToken({ kind, clientId, tenantId, scope }, signal);
      },
      now: () => performance.timeOrigin + performance.now(),
      random: () => randomBytes(12).toString('hex'),
    },
    flags.json ? {} : progress,
  );
  await print(flags.json ? `${JSON.stringify(report, undefined, 2)}\n` : renderConclusion(report, style));
  return report.exitCode;
}

/** Resolves when it is out, so that the process may end. */
async function print(text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}

/** Each step as soon as it is done; on a terminal also which one is going on. */
const progress: Progress = {
  begin: ({ title }) => process.stdout.isTTY && process.stdout.write(paint('dim', `… ${title}`)),
  end: (step) => process.stdout.write(`${process.stdout.isTTY ? '\r\u001B[K' : ''}${renderStep(step, style)}`),
};

function authorityOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env['HTTPS_PROXY'] || env['https_proxy']) return undefined;
  const authority = env['AZURE_AUTHORITY_HOST'] || 'https://login.microsoftonline.com';
  const url = authority.includes('://') ? authority : `https://${authority}`;
  return URL.canParse(url) ? url : undefined;
}

async function readCertificates(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined && isCertificate(text)) return text;
  throw new UsageError(
    `--ca: ${file} ${text === undefined ? 'cannot be read' : 'is not a certificate in PEM format'}.`,
  );
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

/** Colors only on a terminal; NO_COLOR and FORCE_COLOR are respected. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

const style: RenderOptions = { paint, width: Math.min(Math.max(process.stdout.columns || 110, 60), 120) };
