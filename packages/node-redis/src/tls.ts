import type { Socket } from 'node:net';
import { isLoopback } from '@entra-redis/token-manager';
import { optionProblem, plainText, plainTextSentinel, unknownSocket } from './errors.ts';

export interface SocketOptions {
  host?: unknown;
  path?: unknown;
  tls?: unknown;
}

/** Where a client connects to. */
export interface AddressOptions {
  url?: unknown;
  socket?: SocketOptions;
}

export function parseUrl(path: string, url: unknown): URL | undefined {
  if (url === undefined) return undefined;
  if (typeof url === 'string' && URL.canParse(url)) return new URL(url);
  throw optionProblem(`${path}.url`, 'not a URL');
}

/** Throws ERR_PLAIN_TEXT where these options, with the socket options that nodes `shared`, name a host and no TLS. */
export function assertTls(path: string, { url, socket }: AddressOptions, shared?: SocketOptions): void {
  const parsed = parseUrl(path, url);
  const { host, path: unixPath, tls } = { ...shared, ...socket };
  const address = parsed?.hostname ?? (typeof host === 'string' ? host : undefined);
  // A Unix socket by URL (6.x) has no host.
  if (address === undefined || address === '' || unixPath !== undefined || isLoopback(address)) return;
  if (parsed === undefined ? tls !== true : parsed.protocol !== 'rediss:') throw plainText(address);
}

interface SentinelOptions {
  readonly sentinelRootNodes?: readonly SocketOptions[];
  readonly sentinelClientOptions?: AddressOptions;
}

/** Throws ERR_PLAIN_TEXT where a sentinel, whose answer names the server that the token goes to, would be asked without TLS. */
export function assertSentinelTls({ sentinelRootNodes = [], sentinelClientOptions }: SentinelOptions): void {
  if (sentinelClientOptions?.socket?.tls === true) return;
  const exposed = sentinelRootNodes.find(({ host }) => typeof host === 'string' && !isLoopback(host));
  if (exposed !== undefined) throw plainTextSentinel(String(exposed.host));
}

/** Loopback and Unix sockets stay on this machine: they are let through. A socket that is not known may be anywhere. */
export function assertEncrypted(socket: Socket | undefined): asserts socket is Socket {
  if (socket === undefined) throw unknownSocket();
  const { remoteAddress, remotePort } = socket;
  if ('encrypted' in socket || remoteAddress === undefined || isLoopback(remoteAddress)) return;
  throw plainText(`${remoteAddress}:${remotePort}`);
}
