import type { TokenManager } from '@entra-redis/token-manager';

/** Where the cache is, and whose tokens it takes. */
export interface Cache {
  readonly host: string;
  readonly port: number;
  readonly manager: TokenManager;
  /** For the `error` events of clients and libraries: each one is a failure of the run. */
  readonly complain: (error: unknown) => void;
}

/** A library at work. */
export interface Work {
  /** One use of the library. Rejects where an answer is wrong or does not come. */
  step(round: number): Promise<void>;
  /** Closes all that the library and its clients have open. */
  stop(): Promise<void>;
}

export type Start = (cache: Cache) => Promise<Work>;

/** Rejects where `arrival` does not come: a message that is lost never does. */
export function within<T>(what: string, arrival: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing came within 5 s`)), 5000);
    arrival.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)} instead of ${String(expected)}`);
}
