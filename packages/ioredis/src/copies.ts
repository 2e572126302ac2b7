import { CLOSED } from './cluster.ts';
import { startupNodeOnly } from './errors.ts';
import type { ClusterInstance, Instance, RedisClass } from './internals.ts';
import { adoptionOf } from './placeholder.ts';

// Not imported: for an ES module Node loads all that they could export.
const requireFrom = process.getBuiltinModule('node:module').createRequire;
const { getCallSites } = process.getBuiltinModule('node:util');

const HOOKED: unique symbol = Symbol.for('@entra-redis/ioredis/hooked');

/** True the first time. */
function hook(prototype: object): boolean {
  if (Object.hasOwn(prototype, HOOKED)) return false;
  Object.defineProperty(prototype, HOOKED, { value: true });
  return true;
}

/** From now on every instance of this copy of ioredis that holds our placeholder is adopted when it connects. */
export function hookInstances(prototype: Instance): void {
  if (!hook(prototype)) return;
  const { connect } = prototype;
  prototype.connect = function (this: Instance, ...args: unknown[]): Promise<void> {
    adoptionOf(this.options?.password)?.(this);
    return connect.apply(this, args);
  };
}

export function hookCopy({ prototype, Cluster }: RedisClass): void {
  hookInstances(prototype);
  hookClusters(Cluster.prototype);
}

/** Of all that have been loaded by now: the application's, and those of its libraries. */
export function hookLoadedCopies(): void {
  const { cache } = requireFrom('/');
  // Called by each withEntra, and an application has loaded thousands of files.
  for (const file of Object.keys(cache)) {
    const copy = /[\\/]Redis\.js$/.test(file) ? redisClassOf(cache[file]?.exports) : undefined;
    if (copy) hookCopy(copy);
  }
}

/** Where a cluster connects: throws for a mistake that no node could notice, and ends the wait for a token with the cluster. */
export function hookClusters(prototype: ClusterInstance): void {
  if (!hook(prototype)) return;
  const { connect } = prototype;
  prototype.connect = function (this: ClusterInstance): Promise<void> {
    if (!adoptionOf(this.options.redisOptions?.password)) {
      // Whatever there is in place of the nodes, it is for ioredis to complain.
      if ([this.startupNodes].flat().some((node) => adoptionOf(node?.password))) throw startupNodeOnly();
      return connect.call(this);
    }
    const closed = new AbortController();
    this.options[CLOSED] = closed.signal;
    const close = (): void => closed.abort(new Error('The cluster was closed'));
    this.once('disconnecting', close);
    return connect.call(this).finally(() => this.off('disconnecting', close));
  };
}

/** The prototype of ioredis' own class, which owns this method: below it are the user's subclasses. */
export function prototypeOf<I extends object>(instance: I, method: keyof I): I {
  let prototype: I = Object.getPrototypeOf(instance);
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}

/**
 * The Redis class whose constructor is running: the file on the call stack that the module cache knows as ioredis.
 * Undefined where bundling removed the file. See docs/decisions/0003-ioredis-finding-instances.md.
 */
export function runningCopy(): RedisClass | undefined {
  const { cache } = requireFrom('/');
  for (const { scriptName } of getCallSites(8)) {
    const copy = redisClassOf(cache[scriptName]?.exports);
    if (copy) return copy;
  }
  return undefined;
}

function redisClassOf(exported: unknown): RedisClass | undefined {
  const candidate = (exported as { default?: unknown } | undefined)?.default;
  return isRedisClass(candidate) ? candidate : undefined;
}

function isRedisClass(candidate: unknown): candidate is RedisClass {
  return (
    typeof candidate === 'function' &&
    typeof candidate.prototype?.sendCommand === 'function' &&
    typeof candidate.prototype.silentEmit === 'function'
  );
}
