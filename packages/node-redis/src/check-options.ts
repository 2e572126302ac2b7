import { isLoopback } from '@entra-redis/token-manager';
import { invalidOption, noProvider, plainText, userInfoInUrl } from './errors.ts';
import type { NotForRedis4, OnlyKnown } from './known-options.ts';
import { accessOf } from './provider-access.ts';
import { warn } from './warnings.ts';

interface SocketOptions {
  host?: unknown;
  path?: unknown;
  tls?: unknown;
}
interface ClientOptions {
  url?: unknown;
  socket?: SocketOptions;
  credentialsProvider?: unknown;
  RESP?: unknown;
  maintNotifications?: unknown;
}
interface AnyOptions extends ClientOptions {
  rootNodes?: readonly ClientOptions[];
  defaults?: ClientOptions;
  sentinelRootNodes?: readonly SocketOptions[];
  nodeClientOptions?: ClientOptions;
}

/** Where the provider must be, and every set of options that names an address. */
interface Parts {
  readonly place: string;
  readonly owner: ClientOptions;
  readonly endpoints: readonly (readonly [path: string, options: ClientOptions])[];
}

/**
 * Checks the options of `createClient`, `createClientPool`, `createCluster` or `createSentinel` (5 and 6) for what
 * node-redis accepts in silence and what then fails with Microsoft Entra. Returns them, unchanged:
 * `createClient(checkOptions({ ... }))`.
 *
 * Emits a process warning (`process.on('warning')`) of type `EntraRedisWarning`, with a `code`:
 * `ENTRA_REDIS_MAINT_NOTIFICATIONS` unless `maintNotifications` is `'disabled'` (with RESP3, node-redis never reconnects
 * after a hand-over to another address), `ENTRA_REDIS_RESP2` for an explicit `RESP: 2`, and for
 * a sentinel whose `RESP: 3` is not in `nodeClientOptions` as well (with RESP2 subscribers reconnect, or are handed
 * over, at each refresh).
 *
 * @throws EntraRedisError `ERR_USERINFO_IN_URL`: user or password in a URL replaces the provider. `ERR_NODE_CREDENTIALS`:
 * no provider, or one that the data nodes do not see. `ERR_PLAIN_TEXT`: no TLS outside loopback, unless the provider
 * allows it.
 */
export function checkOptions<const Options extends object>(
  options: Options & OnlyKnown<Options>,
): Options & NotForRedis4 {
  const { place, owner, endpoints } = partsOf(options);
  for (const [path, { url }] of endpoints) assertNoUserInfo(path, url);
  const provider = accessOf(owner.credentialsProvider);
  if (provider === undefined) throw noProvider(place);
  if (!provider.allowsPlainText) for (const [path, endpoint] of endpoints) assertTls(path, endpoint, owner.socket);
  const { RESP, sentinelRootNodes } = options as AnyOptions;
  if (RESP === 3 && owner.RESP === undefined && sentinelRootNodes !== undefined) {
    warn(
      'ENTRA_REDIS_RESP2',
      'Set nodeClientOptions.RESP to 3, too: subscribers of a sentinel of redis 5 see only that.',
    );
  }
  // A cluster or sentinel has it beside the options of its nodes.
  warnOf({ ...owner, RESP: RESP ?? owner.RESP });
  return options;
}

function partsOf(options: AnyOptions): Parts {
  const { rootNodes, defaults, sentinelRootNodes, nodeClientOptions } = options;
  if (rootNodes !== undefined) {
    const roots = rootNodes.map((node, i) => [`rootNodes[${i}]`, node] as const);
    const owner = defaults ?? {};
    return { place: 'defaults.credentialsProvider', owner, endpoints: [...roots, ['defaults', { url: owner.url }]] };
  }
  if (sentinelRootNodes !== undefined) {
    const owner = nodeClientOptions ?? {};
    const nodes = sentinelRootNodes.map((node, i) => [`sentinelRootNodes[${i}]`, { socket: node }] as const);
    return { place: 'nodeClientOptions.credentialsProvider', owner, endpoints: nodes };
  }
  return { place: 'credentialsProvider', owner: options, endpoints: [['options', options]] };
}

function parse(path: string, url: unknown): URL | undefined {
  if (url === undefined) return undefined;
  if (typeof url === 'string' && URL.canParse(url)) return new URL(url);
  throw invalidOption(`${path}.url`, 'is not a URL');
}

/** Throws ERR_USERINFO_IN_URL. */
export function assertNoUserInfo(path: string, url: unknown): void {
  const parsed = parse(path, url);
  if (parsed !== undefined && parsed.username + parsed.password !== '') throw userInfoInUrl(path);
}

/** Throws ERR_PLAIN_TEXT where these options, with the socket options that nodes `shared`, name a host and no TLS. */
export function assertTls(path: string, { url, socket }: ClientOptions, shared?: SocketOptions): void {
  const parsed = parse(path, url);
  const { host, path: unixPath, tls } = { ...shared, ...socket };
  const address = parsed?.hostname ?? (typeof host === 'string' ? host : undefined);
  // A Unix socket by URL (6.x) has no host.
  if (address === undefined || address === '' || unixPath !== undefined || isLoopback(address)) return;
  if (parsed === undefined ? tls !== true : parsed.protocol !== 'rediss:') throw plainText(address);
}

function warnOf({ RESP, maintNotifications }: ClientOptions): void {
  if (RESP === 2) {
    warn(
      'ENTRA_REDIS_RESP2',
      'With RESP: 2 a subscriber cannot authenticate in place: use RESP: 3, or handOverOnRefresh().',
    );
  } else if (maintNotifications !== 'disabled') {
    warn(
      'ENTRA_REDIS_MAINT_NOTIFICATIONS',
      "Set maintNotifications: 'disabled': node-redis does not recover from a MOVING hand-over.",
    );
  }
}
