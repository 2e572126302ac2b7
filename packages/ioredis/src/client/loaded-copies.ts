// The default alone: a bundle may have a banner that declares createRequire. Imported, because Jest gives its modules another one.
import nodeModule from 'node:module';
import { hookCopy } from './connect-hooks.ts';
import type { RedisClass } from './client-internals.ts';

const { getCallSites } = process.getBuiltinModule('node:util');

/** What this program, or this test file of Jest, has loaded. */
const moduleCache = (): NodeJS.Dict<NodeJS.Module> => nodeModule.createRequire('/').cache;

/** Of all that have been loaded by now: the application's, and those of its libraries. */
export function hookLoadedCopies(): void {
  const cache = moduleCache();
  // Called by each withEntra, and an application has loaded thousands of files.
  for (const file of Object.keys(cache)) {
    const copy = /[\\/]Redis\.js$/.test(file) ? redisClassOf(cache[file]) : undefined;
    if (copy !== undefined) hookCopy(copy);
  }
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
  const cache = moduleCache();
  for (const file of runningFiles()) {
    const copy = redisClassOf(cache[file]);
    if (copy !== undefined) return copy;
  }
  return undefined;
}

/** The files of the functions that are running, innermost first. Not every runtime has `getCallSites`. */
function runningFiles(): string[] {
  if (typeof getCallSites === 'function') return getCallSites(8).map(({ scriptName }) => scriptName);
  const lines = new Error('callers').stack?.split('\n') ?? [];
  return lines.flatMap((line) => /(?:\(|at )(\/[^()]*|[A-Z]:[^()]*):\d+:\d+\)?$/i.exec(line)?.[1] ?? []);
}

/** Any file may be called Redis.js, and any getter may throw. */
function redisClassOf(module: NodeJS.Module | undefined): RedisClass | undefined {
  try {
    const candidate: unknown = module?.exports?.default;
    return isRedisClass(candidate) ? candidate : undefined;
  } catch {
    return undefined;
  }
}

/** False for a test double, such as an automatic mock: nothing of it ever connects. */
export function isRedisClass(candidate: unknown): candidate is RedisClass {
  if (typeof candidate !== 'function' || typeof (candidate as RedisClass).Cluster !== 'function') return false;
  const { connect, sendCommand, silentEmit } = (candidate as RedisClass).prototype;
  return [connect, sendCommand, silentEmit].every((each) => typeof each === 'function' && !('mock' in each));
}
