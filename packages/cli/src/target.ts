import { BlockList, isIP } from 'node:net';
import { isLoopback, withoutTokens } from '@entra-redis/token-manager';

export type Product =
  | 'Azure Managed Redis'
  | 'Azure Cache for Redis'
  | 'Azure Cache for Redis Enterprise'
  | 'this machine'
  | 'other';

/** `either`: TLS where the server speaks it, else plain text; only on loopback. */
export type Transport = 'tls' | 'plain text' | 'either';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly product: Product;
  readonly transport: Transport;
  /** The name that the certificate must have. */
  readonly servername: string;
  /** The name of the Azure resource, as commands of `az` want it. */
  readonly resource: string;
}

export interface TargetOptions {
  tls?: boolean | undefined;
  plainText?: boolean | undefined;
  servername?: string | undefined;
}

/** A command line that cannot work; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** As Microsoft's own clients know them: https://github.com/Azure/Microsoft.Azure.StackExchangeRedis/tree/main/sample */
const suffixes: readonly (readonly [suffix: string, product: Product, port: number])[] = [
  ['.redis.azure.net', 'Azure Managed Redis', 10_000],
  ['.redis.usgovcloudapi.net', 'Azure Managed Redis', 10_000],
  ['.redis.chinacloudapi.cn', 'Azure Managed Redis', 10_000],
  ['.redis.sovcloud-api.fr', 'Azure Managed Redis', 10_000],
  ['.redis.sovcloud-api.de', 'Azure Managed Redis', 10_000],
  ['.redisenterprise.cache.azure.net', 'Azure Cache for Redis Enterprise', 10_000],
  ['.redis.cache.windows.net', 'Azure Cache for Redis', 6380],
  ['.redis.cache.usgovcloudapi.net', 'Azure Cache for Redis', 6380],
  ['.redis.cache.chinacloudapi.cn', 'Azure Cache for Redis', 6380],
];

/** The port that the product listens on for TLS; undefined where nobody can know. */
export function usualPort(product: Product): number | undefined {
  if (product === 'this machine') return 6380;
  return suffixes.find(([, each]) => each === product)?.[2];
}

/**
 * `host`, `host:port`, `[::1]:port`, or a redis:// or rediss:// URL.
 *
 * @throws UsageError which never quotes what may be a password
 */
export function parseTarget(text: string, options: TargetOptions = {}): Target {
  const { host, port } = split(text.trim());
  const product = productOf(host);
  const chosen = port ?? usualPort(product);
  if (chosen === undefined) {
    throw new UsageError(
      `Which port? ${host} has none of Azure's suffixes, so give it as ${at(host, 10_000)} (Azure Managed Redis) or ${at(host, 6380)} (Azure Cache for Redis).`,
    );
  }
  return {
    host,
    port: chosen,
    product,
    transport: transportOf(host, options),
    servername: options.servername ?? host,
    resource: isIP(host) ? host : (host.split('.')[0] ?? host),
  };
}

function productOf(host: string): Product {
  return isLoopback(host) ? 'this machine' : (knownSuffix(host)?.[1] ?? 'other');
}

const knownSuffix = (host: string): (typeof suffixes)[number] | undefined =>
  suffixes.find(([suffix]) => host.toLowerCase().endsWith(suffix));

/** What names of caches end with in the cloud of this host: `.redis.azure.net`. */
export const suffixOf = (host: string): string | undefined => knownSuffix(host)?.[0];

function transportOf(host: string, { tls, plainText }: TargetOptions): Transport {
  if (tls && plainText) throw new UsageError('--tls and --plain-text exclude each other.');
  if (!plainText) return isLoopback(host) && !tls ? 'either' : 'tls';
  if (isLoopback(host)) return 'plain text';
  throw new UsageError(`--plain-text is for this machine only: the token would be sent to ${host} unencrypted.`);
}

function split(text: string): { host: string; port: number | undefined } {
  if (/[,@]|password=/i.test(text) || withoutTokens(text) !== text) {
    throw new UsageError(
      'Give only host:port, without user, password, token or other parts of a connection string: the doctor requests the token itself.',
    );
  }
  const bare = text.replace(/^rediss?:\/\//i, '').replace(/\/$/, '');
  const [, bracketed, name, port] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/?#[\]]+))(?::(\d+))?$/i.exec(isIP(bare) === 6 ? `[${bare}]` : bare) ?? [];
  const host = bracketed ?? name;
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || (number !== undefined && (number < 1 || number > 65_535))) {
    throw new UsageError(`"${text}" is not an address: give a host, or host:port with a port from 1 to 65535.`);
  }
  return { host, port: number };
}

const inside = new BlockList();
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');

/** An address of a private network (RFC 1918, 4193, 6598): on Azure that of a private endpoint or of a virtual network. */
export function isPrivate(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && inside.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** `host:port`, with the brackets that IPv6 needs. */
export const at = (host: string, port: number | string): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
