import { type AdapterOptions, adapterOptions, type TokenManager } from '@entra-redis/token-manager';
// Not by name: a test double in its place may not have it.
import * as ioredis from 'ioredis';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import { adoptInstance } from './client/adopt-instance.ts';
import { joinCluster } from './client/cluster.ts';
import { connectorFor } from './client/connector.ts';
import { hookLoadedCopies, isRedisClass } from './client/loaded-copies.ts';
import { optionProblem, otherCredentials, wrongKind } from './errors.ts';
import { hookCopy, type Login, markedOptions } from './client/connect-hooks.ts';
import { isFilledIn } from './connection/login-command.ts';
import { checkNames, type ForeignName } from './known-options.ts';
import { placeholders } from './placeholder.ts';
import type { Transport } from './tls.ts';

/** Unless `allowPlainText`, TLS is turned on for hosts other than loopback, with the host as server name. */
export type EntraOptions = AdapterOptions;

/** The options of `new Redis` and of `new Cluster`, in one type: a mistake is a type error at the wrong option. */
export type IoredisOptions = RedisOptions & ClusterOptions & { readonly [K in ForeignName]?: unknown };

/** `never` for each name that ioredis has no option for: an excess property of an inferred literal is not an error otherwise. */
export type NoOthers<O> = string extends keyof O
  ? unknown
  : { readonly [K in Exclude<keyof O, keyof IoredisOptions>]: never } & (O extends {
      readonly redisOptions: infer Inner extends object;
    }
      ? { readonly redisOptions: { readonly [K in Exclude<keyof Inner, keyof RedisOptions>]: never } }
      : unknown);

/**
 * Options for ioredis with which every connection logs in with the tokens of `manager` and stays logged in. Use them for `new Redis`,
 * sentinel mode, BullMQ's `connection`, `@fastify/redis`, and for `new Cluster(nodes, …)`, where they apply to every node, replica,
 * subscriber and slots refresh. Every `duplicate()` stays logged in too. `options` is not changed. Put options that belong to the library that
 * constructs ioredis around the result: `{ ...withEntra(manager, options), theirs }`.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION if an argument is wrong, an option is misspelled, or `options` has a
 * user name or password;
 * ERR_USERINFO_IN_URL if `options.url` has one. `new Redis` and `duplicate()` throw ERR_USERINFO_IN_URL and ERR_PLAIN_TEXT,
 * `new Cluster` throws ERR_NODE_CREDENTIALS.
 */
export function withEntra<O extends IoredisOptions>(
  manager: TokenManager,
  options: O & NoOthers<O>,
  entra: EntraOptions = {},
): O {
  const transport: Transport = adapterOptions(manager, entra);
  if (typeof options !== 'object' || options === null) {
    throw wrongKind('options', 'an object such as { host, port }', options);
  }
  if ('silentEmit' in options)
    throw optionProblem('options', 'this is a client: pass its options, or attach(manager, client)');
  const { Redis } = ioredis as { readonly Redis?: unknown };
  if (isRedisClass(Redis)) hookCopy(Redis);
  hookLoadedCopies();
  const { redisOptions = {} } = options as ClusterOptions;
  checkNames(options, 'options');
  checkNames(redisOptions, 'options.redisOptions');
  // For one server and for a cluster, whichever they are meant for: each looks at its own.
  return {
    ...options,
    ...entraOptions(manager, transport, options, false),
    redisOptions: { ...redisOptions, ...entraOptions(manager, transport, redisOptions, true), ...markedOptions },
  };
}

/** ioredis types user name and password as strings; it only ever makes strings of them. */
export function entraOptions(
  manager: TokenManager,
  transport: Transport,
  options: RedisOptions,
  inCluster: boolean,
): RedisOptions {
  rejectCredentials(options);
  const settings = { manager, transport, inCluster, userConnector: options.Connector ?? undefined };
  const login: Login = {
    adopt: (instance) => adoptInstance(instance, settings),
    join: (cluster) => joinCluster(cluster, settings),
    owns: isFilledIn,
  };
  return {
    ...placeholders(login),
    Connector: connectorFor(settings, login),
  } as unknown as RedisOptions;
}

export function rejectCredentials(options: RedisOptions & { url?: unknown }): void {
  for (const name of ['username', 'password'] as const) {
    if (options[name]) throw optionProblem(`options.${name}`, 'remove it, the token manager gives the credentials');
  }
  if (typeof options.url !== 'string' || !URL.canParse(options.url)) return;
  const { username, password } = new URL(options.url);
  if (username || password) throw otherCredentials(false);
}
