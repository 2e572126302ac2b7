import { Command, InvalidArgumentError, Option } from 'commander';
import { isWildcard } from '../addresses.ts';
import type { AccessPolicies } from '../types.ts';

export interface EmulateOptions {
  /** Life of the tokens, ms. */
  lifetime: number;
  /** Port of the cache. */
  port?: number;
  /** Port of Entra. */
  entraPort: number;
  /** Address that both listen on. */
  host: string;
  /** Default: a real one where there is one. */
  cache?: 'fake' | 'real';
  upstream?: { host: string; port: number; username?: string; password?: string };
  tls?: boolean;
  cluster?: boolean;
  /** Whose tokens `DefaultAzureCredential` gets. Default: workload where AZURE_TOKEN_CREDENTIALS says so. */
  identity?: 'managed' | 'workload';
  objectId?: string;
  /** Object ids with a data access policy; without either list everybody has one. */
  allow?: string[];
  readOnly?: string[];
  /** Not --env-file: Node.js takes that for itself wherever it stands, and ends where the file is not there yet. */
  writeEnv?: string;
  background?: boolean;
  /** True: the one that the environment names. Else the file that it wrote. */
  stop?: boolean | string;
  /** Set by `--background` for the process that goes on. */
  detached?: boolean;
}

/** A command line that cannot work; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `60s`, `1500ms`, `5m`, `1h` in ms; undefined for anything else. */
function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (units[unit] as number);
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value !== undefined && value >= 1000) return value;
  throw new InvalidArgumentError('It takes 60s, 5m or 1h, and at least 1s.');
}

function portNumber(text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('It takes a port number; 0 is a free one.');
}

function upstream(text: string): NonNullable<EmulateOptions['upstream']> {
  try {
    const { protocol, hostname, port, username, password } = new URL(text);
    if (protocol === 'redis:' && hostname !== '' && (username === '' || password !== '')) {
      return {
        // An address of IPv6 has brackets in a URL only.
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 6379),
        ...(username && { username: decodeURIComponent(username) }),
        ...(password && { password: decodeURIComponent(password) }),
      };
    }
  } catch {
    // The error of Node.js, like an InvalidArgumentError, would quote the password.
  }
  throw new UsageError('--upstream takes redis://host:port or redis://user:password@host:port, percent-encoded.');
}

function objectIds(text: string, before: string[] = []): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id !== '')) return [...before, ...ids];
  throw new InvalidArgumentError('It takes object ids with commas between them.');
}

/** Who may use the cache, where `--allow` or `--read-only` says so. */
export function accessPoliciesFrom({ allow, readOnly }: EmulateOptions): AccessPolicies | undefined {
  if (allow === undefined && readOnly === undefined) return undefined;
  const owners = (allow ?? []).map((id) => [id, 'owner'] as const);
  return Object.fromEntries([...owners, ...(readOnly ?? []).map((id) => [id, 'reader'] as const)]);
}

/** An application that pins workload identity, as is usual on AKS, keeps it. */
export function identityFrom({ identity }: EmulateOptions): 'managed' | 'workload' {
  const pinned = process.env['AZURE_TOKEN_CREDENTIALS']?.trim().toLowerCase();
  return identity ?? (pinned === 'workloadidentitycredential' ? 'workload' : 'managed');
}

/** Throws on options that exclude each other. */
export function checkTogether(options: EmulateOptions, command: readonly string[]): void {
  const { upstream: url, cache, cluster, host, background, stop } = options;
  if (url !== undefined && cache !== undefined) throw new UsageError('--upstream names the cache: leave out --cache.');
  if (url !== undefined && cluster) {
    throw new UsageError('--cluster starts servers of its own: leave out --upstream.');
  }
  if (cluster && isWildcard(host)) {
    throw new UsageError(
      `--cluster tells clients the address of each node, and ${host} is none: with --host, name the one by which they reach this machine.`,
    );
  }
  if (background && stop !== undefined)
    throw new UsageError('--stop ends what --background has started: leave out one.');
  if (command.length === 0) return;
  if (background || stop !== undefined)
    throw new UsageError('A command ends with the emulator: leave out --background and --stop.');
}

/** `entra-redis emulate`. */
export function createEmulateCommand(
  run: (options: EmulateOptions, command: readonly string[]) => Promise<void>,
  // commander is an ES module alone: TypeScript must know, where CommonJS reads our declarations.
): import('commander', { with: { 'resolution-mode': 'import' }}).Command {
  return new Command('emulate')
    .description('Microsoft Entra and an Azure-like Redis cache on this machine')
    .usage('[options] [-- command...]')
    .argument('[command...]', 'run it in this environment; the emulator ends with it')
    .addOption(
      new Option('--lifetime <duration>', 'how long tokens are valid').argParser(duration).default(3_600_000, '1h'),
    )
    .addOption(
      new Option(
        '--cache <kind>',
        'a redis-server or valkey-server of this machine (default if there is one), or a fake with few commands',
      ).choices(['real', 'fake']),
    )
    .option('--upstream <url>', 'put the gate in front of this Redis instead', upstream)
    .option(
      '--port <port>',
      'port of the cache; 0 is a free one (default: 6380, or a free one for a command)',
      portNumber,
    )
    .addOption(new Option('--entra-port <port>', 'port of Entra').argParser(portNumber).default(0, 'a free one'))
    .option(
      '--host <address>',
      'address that both listen on; any other than loopback opens them to your network',
      '127.0.0.1',
    )
    .option('--tls', 'speak TLS, as Azure does')
    .option('--cluster', 'a cluster of three masters; the fake adds a replica of each')
    .addOption(
      new Option(
        '--identity <kind>',
        'a managed identity, or the workload identity of a pod (default: workload if AZURE_TOKEN_CREDENTIALS is WorkloadIdentityCredential, else managed)',
      ).choices(['managed', 'workload']),
    )
    .option('--object-id <id>', 'object id of the identity')
    .option('--allow <ids>', 'object ids that may log in, with commas; nobody else may', objectIds)
    .option('--read-only <ids>', 'object ids that may log in and only read', objectIds)
    .option('--write-env <file>', 'write the environment to this file, and the files that it names next to it')
    .option('--background', 'continue in the background; print the environment for eval "$(…)"')
    .option('--stop [file]', 'stop the one in the background that the environment, or this file of --write-env, names')
    .addOption(new Option('--detached').hideHelp())
    .action((command: string[], options: EmulateOptions) => run(options, command));
}

/** One clear sentence for what ended the command. */
export function explain(error: unknown): string {
  const { message } = error as { message?: string };
  return message ?? String(error);
}
