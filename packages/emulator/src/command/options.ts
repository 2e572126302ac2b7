import { Command, InvalidArgumentError } from 'commander';
import type { AccessPolicies } from '../types.ts';

export interface EmulateOptions {
  /** Life of the tokens, ms. */
  lifetime: number;
  port: number;
  host: string;
  tls?: boolean;
  cluster?: boolean;
  objectId?: string;
  /** Object ids with a data access policy; without either list everybody has one. */
  allow?: string[];
  readOnly?: string[];
  upstream?: { host: string; port: number; username?: string; password?: string };
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value !== undefined && value >= 1000) return value;
  throw new InvalidArgumentError('It takes 60s, 5m or 1h, and at least 1s.');
}

function portNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('It takes a port number; 0 is a free one.');
}

function upstream(text: string): NonNullable<EmulateOptions['upstream']> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'redis:' && url.hostname !== '') {
    const [username, password] = [url.username, url.password].map(decodeURIComponent);
    return {
      host: url.hostname,
      port: Number(url.port || 6379),
      ...(username && { username }),
      ...(password && { password }),
    };
  }
  throw new InvalidArgumentError('It takes redis://host:port or redis://user:password@host:port.');
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

/** The command of this package, and `emulate` of `entra-redis`. */
export function createEmulateCommand(
  run: (options: EmulateOptions) => Promise<void>,
  // commander is an ES module alone: TypeScript must know, where CommonJS reads our declarations.
): import('commander', { with: { 'resolution-mode': 'import' }}).Command {
  return new Command('emulate')
    .description('Microsoft Entra and an Azure-like Redis cache on this machine')
    .option('--lifetime <duration>', 'life of a token', duration, 3_600_000)
    .option('--port <port>', 'port of the cache', portNumber, 6380)
    .option(
      '--host <address>',
      'address to listen on; anything but loopback opens the cache to your network',
      '127.0.0.1',
    )
    .option('--tls', 'speak TLS, as Azure does')
    .option('--cluster', 'three masters with a replica each')
    .option('--object-id <id>', 'object id of the identity')
    .option('--allow <ids>', 'object ids that may log in, with commas; nobody else may', objectIds)
    .option('--read-only <ids>', 'object ids that may log in and only read', objectIds)
    .option('--upstream <url>', 'guard this Redis instead of an in-memory one', upstream)
    .action(run);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `60s`, `1500ms`, `5m`, `1h` in ms; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (units[unit] as number);
}

/** One clear sentence for what ended the command. */
export function explain(error: unknown): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string };
  if (code === 'EADDRINUSE') return `port ${port} is in use: choose another with --port, 0 for a free one.`;
  return message ?? String(error);
}
