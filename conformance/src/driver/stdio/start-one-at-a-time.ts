import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 5000;
let last: Promise<unknown> = Promise.resolve();

/**
 * Starts one process at a time: loading a client or `@azure/identity` takes all that a core has, and many at once hold up the servers
 * and applications of other cases for a part of a token's life. One that does not get ready holds up nobody for long.
 */
export function startOneAtATime<T>(start: () => Promise<T>): Promise<T> {
  const started = last.then(start);
  const settled = started.then(
    () => undefined,
    () => undefined,
  );
  last = last.then(() => Promise.race([settled, sleep(patienceMs, undefined, { ref: false })]));
  return started;
}
