import type { Socket } from 'node:net';
import type { ClusterOptions } from 'ioredis';

/**
 * Everything that is used of ioredis, documented or not. The same in ioredis 5.3.2 to 6.0.0 and iovalkey 0.4.0;
 * test/client/client-internals.test.ts fails on the version that changes it. Properties that are not `readonly` are written to, methods are called.
 */
export interface Instance {
  readonly status: string;
  /** `subscriber` means RESP2: with RESP3 a subscribed connection takes every command and stays `normal`. */
  readonly mode: 'normal' | 'subscriber' | 'monitor';
  readonly options: InstanceOptions;
  connector: Connector;
  readonly stream: Socket | undefined;
  /** The state of the current socket. */
  readonly condition: Condition | undefined;
  connect: (...args: unknown[]) => Promise<void>;
  disconnect(reconnect?: boolean): void;
  /** A new instance of the same class, with the options of `this` and nothing else of it. */
  duplicate: (this: { readonly options: object }) => Instance;
  sendCommand: (command: Command, stream?: unknown) => Promise<unknown>;
  /** Emits `error` where somebody listens, and else logs it. */
  silentEmit: (event: 'error', error: unknown) => unknown;
  /** Asks `reconnectOnError` what to do with a command that the server answered with an error, and else rejects it. */
  handleReconnection: (error: Error, item: { readonly command: Command }) => void;
  /** Rejects what waits with `error`, emits it and disconnects, to reconnect as `retryStrategy` says. */
  recoverFromFatalError(cause: Error, error: Error): void;
  /** What has been written to the socket, and has no answer. */
  readonly commandQueue: { toArray(): { readonly command: Command }[] };
  /** What a socket that is gone left unanswered, to be sent again when the next one is ready. */
  readonly prevCommandQueue: { shift(): { readonly command: Command } | undefined } | null;
  once(event: 'ready' | 'end', listener: () => void): unknown;
  off(event: 'ready' | 'end', listener: () => void): unknown;
}

/** What is true of one socket; its successor subscribes to what is in it. */
export interface Condition {
  subscriber: false | Subscriptions;
}
export type SubscriptionKind = 'subscribe' | 'psubscribe' | 'ssubscribe';
export interface Subscriptions {
  channels(kind: SubscriptionKind): string[];
  /** `kind` is the name of the reply: `unsubscribe`, `punsubscribe`, `sunsubscribe`. */
  del: (kind: string, channel: string) => void;
}

/** Options as an instance holds them, defaults filled in. All of these are documented options. */
export interface InstanceOptions {
  username?: unknown;
  password?: unknown;
  tls?: object | boolean | null;
  enableTLSForSentinelMode?: boolean;
  sentinelTLS?: object | boolean | null;
  maxRetriesPerRequest?: number | null;
  retryStrategy?: ((attempt: number) => unknown) | null;
  Connector?: unknown;
  /** Of no meaning to an instance, which holds whatever it is given. */
  readonly redisOptions?: object;
  readonly host?: string;
  readonly port?: number;
  readonly path?: string | null;
  readonly sentinels?: readonly { readonly host?: string }[] | null;
  readonly connectionName?: string | null;
  readonly connectTimeout?: number;
  readonly autoResendUnfulfilledCommands?: boolean;
}

/** AbstractConnector of ioredis and what derives from it. */
export interface Connector {
  connect: (emit: (type: string, error: Error) => void) => Promise<Socket>;
  disconnect: () => void;
  /** The socket of the last connect. */
  stream?: Socket | undefined;
  /** Emitted by the instance when it is handed a socket that is destroyed already. */
  firstError?: unknown;
  /** Of a connector for sentinels: who emits its events. */
  emitter?: Instance | null;
  /** Of a connector for sentinels: `add` is called with each sentinel that the others announce. */
  readonly sentinelIterator?: { add: (sentinel: { readonly host?: string }) => boolean };
}
export type ConnectorConstructor = new (options: unknown) => Connector;

export interface Command {
  name: string;
  readonly args: readonly unknown[];
  readonly promise: Promise<unknown>;
  reject: (error: Error) => void;
  setTimeout: (ms: number) => void;
  /** What is written to the socket; called again when ioredis writes the command again. */
  toWritable: (socket: unknown) => string | Buffer;
}
export type CommandConstructor = new (name: string, args: readonly string[]) => Command;

export interface ClusterInstance {
  readonly isCluster: true;
  readonly startupNodes: readonly ({ readonly host?: string; readonly password?: unknown } | null)[];
  /** Of this cluster alone; `dnsLookup` is called as its method. */
  readonly options: Pick<ClusterOptions, 'dnsLookup' | 'redisOptions'>;
  connect: () => Promise<void>;
  nodes(role: 'all'): Instance[];
  /** Emitted before the node connects. */
  on(event: '+node', listener: (node: Instance) => void): unknown;
  on(event: 'disconnecting', listener: () => void): unknown;
}

export type RedisClass = (new (
  options: object,
) => Instance) & {
  readonly prototype: Instance;
  readonly Cluster: { readonly prototype: ClusterInstance };
};
