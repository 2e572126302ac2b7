import { adapterOptions, type TokenManager } from '@entra-redis/token-manager';
import { Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { adopt } from './adopt.ts';
import { dnsLookupFor } from './cluster.ts';
import { connectorFor } from './connector.ts';
import { hookCopy, hookLoadedCopies } from './copies.ts';
import { invalidOption, otherCredentials } from './errors.ts';
import type { Instance, RedisClass } from './internals.ts';
import { PASSWORD, placeholder, USERNAME } from './placeholder.ts';
import type { Transport } from './tls.ts';

export interface EntraOptions {
  /**
   * Send tokens in plain text to hosts other than loopback, where TLS is otherwise turned on, with the host as server name.
   * Default: false.
   */
  allowPlainText?: boolean;
}

/**
 * Options for ioredis by which every connection logs in with the tokens of `manager` and stays logged in: `new Redis`,
 * sentinel mode, BullMQ's `connection`, `@fastify/redis`, and every `duplicate()` of what was made from them. `options` is
 * not changed.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION where `options` has a user name or password; ERR_USERINFO_IN_URL where
 * `options.url` has one. `new Redis` throws ERR_USERINFO_IN_URL and ERR_PLAIN_TEXT.
 */
export function withEntra<O extends RedisOptions>(manager: TokenManager, options: O, entra?: EntraOptions): O;
/** The same for `new Cluster(nodes, …)`: every node, replica, subscriber and slots refresh. */
export function withEntra<O extends ClusterOptions>(manager: TokenManager, options: O, entra?: EntraOptions): O;
export function withEntra(
  manager: TokenManager,
  options: RedisOptions | ClusterOptions,
  entra: EntraOptions = {},
): RedisOptions | ClusterOptions {
  const transport: Transport = { ...adapterOptions(manager, entra), names: new Map() };
  assertOptions(options);
  hookCopy(Redis as unknown as RedisClass);
  hookLoadedCopies();
  const { redisOptions = {} } = options as ClusterOptions;
  // For one server and for a cluster, whichever they are meant for: each looks at its own.
  return {
    ...options,
    ...entraOptions(manager, transport, options, false),
    dnsLookup: dnsLookupFor(manager, transport, options as ClusterOptions),
    redisOptions: { ...redisOptions, ...entraOptions(manager, transport, redisOptions, true) },
  };
}

export function assertOptions(options: unknown): void {
  if (typeof options === 'object' && options !== null) return;
  throw invalidOption('options', `must be an object such as { host, port }, but is a ${typeof options}`);
}

function entraOptions(
  manager: TokenManager,
  transport: Transport,
  options: RedisOptions,
  inCluster: boolean,
): RedisOptions {
  rejectCredentials(options);
  const Connector = connectorFor(transport, inCluster, options.Connector);
  return { ...placeholders(manager), Connector } as unknown as RedisOptions;
}

/** ioredis types user name and password as strings; it only ever makes strings of them. */
export function placeholders(manager: TokenManager): { username: object; password: object } {
  const adoption = (instance: Instance): void => adopt(instance, manager);
  return { username: placeholder(USERNAME, adoption), password: placeholder(PASSWORD, adoption) };
}

export function rejectCredentials(options: RedisOptions & { url?: unknown }): void {
  for (const name of ['username', 'password'] as const) {
    if (options[name]) throw invalidOption(`options.${name}`, 'remove it, the token manager gives the credentials');
  }
  if (typeof options.url !== 'string' || !URL.canParse(options.url)) return;
  const { username, password } = new URL(options.url);
  if (username || password) throw otherCredentials(false);
}
