import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * What a process has once, however often this package is evaluated, is kept here under `Symbol.for('@entra-redis/node-redis/<name>/<version>')`:
 * a contract between releases, whose version changes with the shape of what is kept. The modules of Node.js are the same in
 * every realm of a process, a test runner's, too; globals are not.
 */
export const processWide: Channel & { [key: symbol]: unknown } = channel('net.client.socket') as never;

const warningsKey: unique symbol = Symbol.for('@entra-redis/node-redis/warnings/1') as never;

/** `process.on('warning')`: what works, but not for long. Once for each code in a process. */
export function warnOnce(code: 'ENTRA_REDIS_RESP2', message: string): void {
  const codes = (processWide[warningsKey] ??= new Set()) as Set<string>;
  if (codes.has(code)) return;
  codes.add(code);
  process.emitWarning(message, { type: 'EntraRedisWarning', code });
}
