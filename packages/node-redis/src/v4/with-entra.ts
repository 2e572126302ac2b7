import { type AdapterOptions, adapterOptions, type TokenManager } from '@entra-redis/token-manager';
import { assertNoUserInfo } from '../check-options.ts';
import { takeConnectedSocket, watchConnectedSockets } from '../client/connected-socket.ts';
import { LiveConnection } from '../connection/live-connection.ts';
import { foreignClient, optionProblem, userInfoInUrl } from '../errors.ts';
import type { Only } from '../known-options.ts';
import { assertEncrypted, assertTls } from '../tls.ts';
import { type ProviderAccess, providerAccessKey, v4BindingKey } from '../connection/provider-access.ts';
import { ConnectionGroup } from '../connection/connection-group.ts';
import type { BasicAuth, CredentialsListener } from '../client/client-internals.ts';
import { WatchedSocket } from '../connection/watched-socket.ts';
import { encodeAuth } from '../connection/wire-commands.ts';
import { holdLogin } from './held-login.ts';
import {
  heldPlaceholder,
  holdsPlaceholders,
  isCopied,
  lendLogin,
  placeholder,
  unknownPlaceholder,
} from './placeholder.ts';

/** The module `redis` (or `@redis/client` 1), version 4: its classes cannot be reached in another way. */
export interface Redis4 {
  createClient(options?: never): unknown;
  /** Of redis 5 and 6, and never of this type: for them, give `entraCredentials(manager)` to the option `credentialsProvider`. */
  createSentinel?: { 'redis 5 and 6 take entraCredentials(manager), of @entra-redis/node-redis, instead': never };
}

type OptionsOf<Module> = Module extends { createClient(options?: infer Options): unknown } ? Options : never;
type KeysOfEach<Union> = Union extends unknown ? keyof Union : never;
type Known<Options> = {
  readonly [Name in keyof Options]-?: Name extends 'socket'
    ? { readonly [Key in KeysOfEach<Options[Name]>]: unknown }
    : unknown;
};

export type WithEntraOptions = AdapterOptions;

interface Client {
  readonly options?: {
    readonly [v4BindingKey]?: Binding;
    readonly legacyMode?: boolean;
    readonly username?: unknown;
    readonly password?: unknown;
  };
  readonly isPubSubActive: boolean;
  readonly v4: { sendCommand(args: string[]): Promise<unknown> };
  connect(): Promise<unknown>;
  on(event: 'connect', listener: () => void): unknown;
  sendCommand(args: string[]): Promise<unknown>;
}
interface ClientPrototype {
  connect: (this: Client) => Promise<unknown>;
  [v4HookedKey]?: boolean;
}
interface Binding {
  adopt(client: Client): void;
}

/** The hook calls `adopt` of what it finds under `v4BindingKey`: as long as that holds, the first release that is loaded hooks for all. */
const v4HookedKey: unique symbol = Symbol.for('@entra-redis/node-redis/v4-hooked/1') as never;

/** Adopts each client whose options carry a binding: duplicates, the isolation pool and cluster nodes copy options. */
function hookConnect(redis: Redis4): void {
  const prototype = prototypeOf(redis);
  if (prototype[v4HookedKey] === true) return;
  const { connect } = prototype;
  Object.defineProperty(prototype, v4HookedKey, { value: true });
  prototype.connect = function connectWithEntra(this: Client): Promise<unknown> {
    try {
      if (this.options !== undefined && isCopied(this.options)) throw foreignClient();
      this.options?.[v4BindingKey]?.adopt(this);
    } catch (error) {
      return Promise.reject(error);
    }
    return connect.call(this);
  };
}

function prototypeOf(redis: Redis4): ClientPrototype {
  if (redis?.createSentinel !== undefined) {
    throw optionProblem(
      'redis',
      'this is version 5 or 6, not 4: give entraCredentials(manager) of @entra-redis/node-redis to its option credentialsProvider',
    );
  }
  let prototype: unknown = typeof redis?.createClient === 'function' ? redis.createClient() : undefined;
  while (typeof prototype === 'object' && prototype !== null) {
    prototype = Object.getPrototypeOf(prototype) as unknown;
    if (isClientPrototype(prototype)) return prototype;
  }
  throw optionProblem('redis', 'must be the module "redis" 4, with createClient()');
}

function isClientPrototype(value: unknown): value is ClientPrototype {
  // Of 4.x alone, beside its connect().
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'executeIsolated');
}

class V4Binding implements Binding {
  readonly #group: ConnectionGroup;
  readonly #ofStandIns: boolean;
  readonly #adopted = new WeakSet<Client>();

  constructor(group: ConnectionGroup, ofStandIns = false) {
    this.#group = group;
    this.#ofStandIns = ofStandIns;
  }

  get [providerAccessKey](): ProviderAccess {
    return this.#group;
  }

  adopt(client: Client): void {
    assertPlaceholders(client);
    if (this.#adopted.has(client)) return;
    this.#adopted.add(client);
    client.on('connect', () => this.#connected(client));
  }

  #connected(client: Client): void {
    const socket = takeConnectedSocket();
    const { options = {} } = client;
    if (socket === undefined) return lendLogin(options, unknownPlaceholder);
    const connection = new LiveConnection(this.#group, listenerOf(client), this.#ofStandIns);
    connection.bind(new WatchedSocket(socket, this.#group.ownAuths, connection));
    holdLogin(socket, heldPlaceholder, async () => {
      if (!this.#group.allowsPlainText) assertEncrypted(socket);
      const credentials = await connection.credentials();
      connection.handshakeWith(credentials);
      return encodeAuth(credentials);
    });
    lendLogin(options, heldPlaceholder);
  }
}

/** A URL in `rootNodes`, or given to `duplicate()`, replaces them by what it holds. */
function assertPlaceholders({ options }: Client): void {
  if (options === undefined || !holdsPlaceholders(options)) throw userInfoInUrl('options');
}

/** What `reAuthenticate` of 5.x does: nothing for a subscriber, else AUTH. */
function listenerOf(client: Client): CredentialsListener {
  const sender = client.options?.legacyMode === true ? client.v4 : client;
  const authenticate = async ({ username = '', password = '' }: BasicAuth): Promise<void> => {
    await sender.sendCommand(['AUTH', username, password]);
  };
  return {
    onNext: (credentials): unknown => {
      if (client.isPubSubActive) return undefined;
      const answer = authenticate(credentials);
      answer.catch(() => undefined);
      return answer;
    },
    onError: () => undefined,
  };
}

/**
 * Options for `createClient`, or `defaults` of `createCluster`, of `redis` 4: `createClient(withEntra(redis, manager, {
 * socket: { host, port: 10000, tls: true } }))`. They serve duplicates, the isolation pool and cluster nodes as well.
 * User name and password in them are placeholders: the token is put in when the login is written, which waits for it. If a
 * client of another module gets them, or a deep copy of them, it sends no login, and emits `ERR_INVALID_OPTION`.
 *
 * Limits: all connections speak RESP2, so a subscriber reconnects before its token expires, unless you call
 * `handOverOnRefresh` with it; commands that wait for a token are rejected if the connection is lost in the meantime.
 *
 * @param redis the module: `import * as redis from 'redis'`
 * @throws EntraRedisError `ERR_INVALID_OPTION` for another module, an unknown option or a wrong type; `ERR_USERINFO_IN_URL`: 4.x would
 * use it instead (in a URL of `rootNodes` or of `duplicate()`, `connect()` rejects with it); `ERR_PLAIN_TEXT`: a host that is not
 * loopback, without TLS.
 */
export function withEntra<Module extends Redis4, Options extends object>(
  redis: Module,
  manager: TokenManager,
  options: Options & { url?: string } & Only<Options, Known<OptionsOf<Module>>>,
  entra: WithEntraOptions = {},
): Options & { username: string; password: string } {
  const { allowPlainText } = adapterOptions(manager, entra);
  assertNoUserInfo('options', options.url);
  const { socket } = options as { socket?: { tls?: unknown } };
  // In 4.x this holds for redis:// too.
  if (!allowPlainText && socket?.tls !== true) assertTls('options', options);
  watchConnectedSockets();
  hookConnect(redis);
  const group = new ConnectionGroup(manager, allowPlainText);
  group.standInOptions = { [v4BindingKey]: new V4Binding(group, true) };
  return { ...options, username: placeholder, password: placeholder, [v4BindingKey]: new V4Binding(group) };
}
