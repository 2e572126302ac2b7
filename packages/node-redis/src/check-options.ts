import { maintenanceEnabled, noProvider, userInfoInUrl } from './errors.ts';
import type { NotForRedis4, OnlyKnown } from './known-options.ts';
import { accessOf } from './connection/provider-access.ts';
import { type AddressOptions, assertSentinelTls, assertTls, parseUrl, type SocketOptions } from './tls.ts';

interface ClientOptions extends AddressOptions {
  credentialsProvider?: unknown;
  maintNotifications?: unknown;
}
interface AnyOptions extends ClientOptions {
  rootNodes?: readonly ClientOptions[];
  defaults?: ClientOptions;
  sentinelRootNodes?: readonly SocketOptions[];
  nodeClientOptions?: ClientOptions;
  sentinelClientOptions?: ClientOptions;
}

/** Where the provider must be, and every set of options that names an address. */
interface OptionPlaces {
  readonly place: string;
  readonly owner: ClientOptions;
  readonly endpoints: readonly (readonly [path: string, options: ClientOptions])[];
}

/**
 * Checks the options of `createClient`, `createClientPool`, `createCluster` or `createSentinel` (5 and 6) for what
 * node-redis accepts silently and what then fails with Microsoft Entra. Returns them, unchanged:
 * `createClient(checkOptions({ ... }))`.
 *
 * @throws EntraRedisError `ERR_USERINFO_IN_URL`: user or password in a URL replaces the provider. `ERR_NODE_CREDENTIALS`:
 * no provider, or one that the data nodes do not see. `ERR_PLAIN_TEXT`: no TLS outside loopback, also to sentinels, unless the
 * provider allows it. `ERR_INVALID_OPTION`: an invalid URL, or `maintNotifications: 'enabled'`, after which node-redis would not reconnect.
 */
export function checkOptions<const Options extends object>(
  options: Options & OnlyKnown<Options>,
): Options & NotForRedis4 {
  const { place, owner, endpoints } = placesOf(options);
  for (const [path, { url }] of endpoints) assertNoUserInfo(path, url);
  const provider = accessOf(owner.credentialsProvider);
  if (provider === undefined) throw noProvider(place);
  if (!provider.allowsPlainText) {
    for (const [path, endpoint] of endpoints) assertTls(path, endpoint, owner.socket);
    assertSentinelTls(options);
  }
  if (owner.maintNotifications === 'enabled') throw maintenanceEnabled();
  return options;
}

function placesOf(options: AnyOptions): OptionPlaces {
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

/** Throws ERR_USERINFO_IN_URL. */
export function assertNoUserInfo(path: string, url: unknown): void {
  const parsed = parseUrl(path, url);
  if (parsed !== undefined && parsed.username + parsed.password !== '') throw userInfoInUrl(path);
}
