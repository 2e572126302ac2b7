import type { Credentials } from '../tokens/credentials.ts';

type Settle = (resolve: (credentials: Credentials) => void, reject: (reason: unknown) => void) => void;

/** The callers that wait for the request under way. */
export class Waiters {
  readonly #waiting = new Set<(settle: Settle) => void>();

  wait(signal: AbortSignal | undefined): Promise<Credentials> {
    return new Promise<Credentials>((resolve, reject) => {
      const leave = (settle: Settle): void => {
        this.#waiting.delete(leave);
        signal?.removeEventListener('abort', onAbort);
        settle(resolve, reject);
      };
      const onAbort = (): void => leave(() => reject(signal?.reason));
      this.#waiting.add(leave);
      signal?.addEventListener('abort', onAbort);
    });
  }

  resolve(credentials: Credentials): void {
    this.#settleAll((resolve) => resolve(credentials));
  }

  /** Each caller gets an error of its own: nobody's listener is another's. */
  reject(reason: () => unknown): void {
    this.#settleAll((_resolve, reject) => reject(reason()));
  }

  #settleAll(settle: Settle): void {
    for (const leave of this.#waiting) leave(settle);
  }
}
