import { setTimeout as delay } from 'node:timers/promises';
import { type Latencies, load } from './load.ts';
import { rotatingClients, type RotatingOptions } from './rotating-clients.ts';

export interface Rotation {
  readonly quiet: Latencies;
  /** Of the commands that were due between the arrival of a token and its last AUTH. */
  readonly rotating: Latencies;
  readonly rotationMs: number;
}

/**
 * Connects; each run then measures a quiet period and a rotation, each after a garbage collection: the young generation fills up once
 * in about ten seconds, and its collection, of 10 to 40 ms, would be the worst of whichever period it falls into.
 */
export async function startRotating(
  options: RotatingOptions & { readonly quietMs: number },
): Promise<() => Promise<Rotation>> {
  const clients = await rotatingClients(options);
  const get = (index: number): Promise<unknown> => clients.get(index);
  await load(get, delay(options.quietMs));
  return async () => {
    globalThis.gc?.();
    const quiet = await load(get, delay(options.quietMs));
    globalThis.gc?.();
    const startedAt = performance.now();
    const rotating = await load(get, clients.rotate());
    return { quiet, rotating, rotationMs: performance.now() - startedAt };
  };
}
