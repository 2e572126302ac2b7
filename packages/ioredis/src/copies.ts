import { createRequire } from 'node:module';
import { getCallSites } from 'node:util';
import type { Instance, RedisClass } from './internals.ts';
import { adoptionOf } from './placeholder.ts';

const HOOKED: unique symbol = Symbol.for('@entra-redis/ioredis/hooked');

/** From now on every instance of this copy of ioredis that holds our placeholder is adopted when it connects. */
export function hookCopy(prototype: Instance): void {
  if (Object.hasOwn(prototype, HOOKED)) return;
  Object.defineProperty(prototype, HOOKED, { value: true });
  const { connect } = prototype;
  prototype.connect = function (this: Instance, ...args: unknown[]): Promise<void> {
    adoptionOf(this.options?.password)?.(this);
    return connect.apply(this, args);
  };
}

/** The prototype that owns `connect`: below it are the user's own subclasses. */
export function prototypeOf(instance: Instance): Instance {
  let prototype: Instance = Object.getPrototypeOf(instance);
  while (!Object.hasOwn(prototype, 'silentEmit')) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}

/**
 * The Redis class whose constructor is running: the file on the call stack that the module cache knows as ioredis.
 * Undefined where bundling removed the file. See docs/decisions/0003-ioredis-finding-instances.md.
 */
export function runningCopy(): RedisClass | undefined {
  const { cache } = createRequire('/');
  for (const { scriptName } of getCallSites(8)) {
    const exported: unknown = cache[scriptName]?.exports;
    const candidate = (exported as { default?: unknown } | undefined)?.default;
    if (isRedisClass(candidate)) return candidate;
  }
  return undefined;
}

function isRedisClass(candidate: unknown): candidate is RedisClass {
  return (
    typeof candidate === 'function' &&
    typeof candidate.prototype?.sendCommand === 'function' &&
    typeof candidate.prototype.silentEmit === 'function' &&
    !('nodes' in candidate.prototype)
  );
}
