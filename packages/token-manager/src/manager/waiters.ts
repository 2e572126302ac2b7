import { nextTurn } from '../time.ts';
import type { Credentials } from '../tokens/credentials.ts';

type Settle = (resolve: (credentials: Credentials) => void, reject: (reason: unknown) => void) => void;

/** Each may open a connection at once: a thousand in one turn of the event loop hold it up for a tenth of a second. */
const perTurn = 64;

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

  /** Gives them credentials, turn by turn, as long as there are any. */
  release(current: () => Credentials | undefined): void {
    const credentials = current();
    if (credentials === undefined) return;
    this.#settle(perTurn, (resolve) => resolve(credentials));
    if (this.#waiting.size > 0) nextTurn(() => this.release(current));
  }

  /** Each caller gets an error of its own: nobody's listener is another's. */
  reject(reason: () => unknown): void {
    this.#settle(Infinity, (_resolve, reject) => reject(reason()));
  }

  #settle(atMost: number, settle: Settle): void {
    let left = atMost;
    for (const leave of this.#waiting) {
      if (left === 0) return;
      left -= 1;
      leave(settle);
    }
  }
}
