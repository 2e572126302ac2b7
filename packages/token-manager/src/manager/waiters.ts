import type { Credentials } from '../tokens/credentials.ts';

interface Waiter {
  resolve(credentials: Credentials): void;
  reject(reason: unknown): void;
}

/** The callers that wait for the request under way. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  wait(signal: AbortSignal | undefined): Promise<Credentials> {
    return new Promise<Credentials>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        resolve: (credentials) => {
          leave();
          resolve(credentials);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const onAbort = (): void => waiter.reject(signal?.reason);
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', onAbort);
    });
  }

  resolve(credentials: Credentials): void {
    for (const waiter of [...this.#waiting]) waiter.resolve(credentials);
  }

  /** Each caller gets an error of its own: nobody's stack or listener is another's. */
  reject(reason: () => unknown): void {
    for (const waiter of [...this.#waiting]) waiter.reject(reason());
  }
}
