import { optionsCopied, startupNodeOnly } from '../errors.ts';
import type { ClusterInstance, Command, Instance, RedisClass } from './client-internals.ts';

/**
 * What travels in options, and what is put into a copy of ioredis to find it there. Several releases of this package, and several
 * evaluations of one, share a process: the names below are a contract, docs/decisions/0010-ioredis-hooks-are-versioned.md.
 */

/** How the instances made of some options log in. */
export interface Login {
  /** Called whenever an instance is about to connect. */
  adopt(instance: Instance): void;
  /** Called whenever a cluster is about to connect. */
  join(cluster: ClusterInstance): void;
  /** Whether a command is one of our logins. */
  owns(command: Command): boolean;
}

/** On the user name, the password and the `Connector` of options: a Login. */
export const loginKey: unique symbol = Symbol.for('@entra-redis/ioredis/login/1') as never;

/** On a prototype that is hooked. */
const hookedKey: unique symbol = Symbol.for('@entra-redis/ioredis/hooked/1') as never;

const optionsMark = '@entra-redis/ioredis/options/1';

/** In options, as text, which every copy has. The options of an instance are a dictionary, which one name more may double. */
export const markedOptions: Readonly<Record<string, string>> = { [optionsMark]: 'made by withEntra' };

interface Carrier {
  readonly [loginKey]?: Login;
}
interface Carriers {
  readonly password?: unknown;
  readonly Connector?: unknown;
}

/** How to log in with these options; undefined where they are none of ours. */
export function loginOf(options: Carriers | null | undefined): Login | undefined {
  const { password, Connector } = options ?? {};
  return (password as Carrier | null | undefined)?.[loginKey] ?? (Connector as Carrier | null | undefined)?.[loginKey];
}

/** True the first time. */
function markHooked(prototype: object): boolean {
  if (Object.hasOwn(prototype, hookedKey)) return false;
  Object.defineProperty(prototype, hookedKey, { value: true });
  return true;
}

/** From now on every instance of this copy of ioredis whose options are ours is adopted when it connects. */
export function hookInstances(prototype: Instance): void {
  if (!markHooked(prototype)) return;
  const { connect, handleReconnection } = prototype;
  prototype.connect = function (this: Instance, ...args: unknown[]): Promise<void> {
    const login = loginOf(this.options);
    if (login !== undefined) login.adopt(this);
    else refuseCopied(this.options, this.options.redisOptions);
    return connect.apply(this, args);
  };
  // `reconnectOnError` may send a refused AUTH again, or end its connection: nobody would learn that the token was refused.
  prototype.handleReconnection = function (this: Instance, error, item): void {
    if (loginOf(this.options)?.owns(item.command)) item.command.reject(error);
    else handleReconnection.call(this, error, item);
  };
}

/** Where a cluster connects: throws for mistakes that no node could notice. */
export function hookClusters(prototype: ClusterInstance): void {
  if (!markHooked(prototype)) return;
  const { connect } = prototype;
  prototype.connect = function (this: ClusterInstance): Promise<void> {
    const login = loginOf(this.options.redisOptions);
    if (login !== undefined) login.join(this);
    // Whatever there is in place of the nodes, it is for ioredis to complain.
    else if ([this.startupNodes].flat().some((node) => loginOf(node) !== undefined)) throw startupNodeOnly();
    else refuseCopied(this.options.redisOptions);
    return connect.call(this);
  };
}

export function hookCopy({ prototype, Cluster }: RedisClass): void {
  hookInstances(prototype);
  hookClusters(Cluster.prototype);
}

/** What `withEntra` made for one server has the mark in the `redisOptions` that it also makes. */
function refuseCopied(...made: readonly (object | undefined)[]): void {
  if (made.some((options) => options !== undefined && optionsMark in options)) throw optionsCopied();
}
