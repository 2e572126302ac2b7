import { randomInt } from 'node:crypto';

/**
 * A port for a server to try: it has the port once it listens there, and where it cannot it tries another one. Below those that a
 * system hands out by itself (from 32768 on Linux), so that a server that is killed finds its port free when it starts again.
 */
export const portToTry = (): number => randomInt(16_384, 30_000);
