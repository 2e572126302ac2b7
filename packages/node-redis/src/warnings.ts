import { processWide } from './process-wide.ts';

const given: unique symbol = Symbol.for('@entra-redis/node-redis/warnings/1') as never;

/** `process.on('warning')`: what works, but not for long. Once for each code in a process. */
export function warnOnce(code: 'ENTRA_REDIS_RESP2', message: string): void {
  const codes = (processWide[given] ??= new Set()) as Set<string>;
  if (codes.has(code)) return;
  codes.add(code);
  process.emitWarning(message, { type: 'EntraRedisWarning', code });
}
