/** Hands one subscriber over, and never rejects; false where it could not be, or needed not. */
type HandOver = () => Promise<boolean>;

/** Each opens a connection of its own for a moment: hundreds of TLS handshakes at once would block the process. */
const maxConcurrent = 10;
/** One that takes longer, as its stand-in cannot connect, goes on, and holds the others up no more. */
const maxWaitMs = 5000;

/** The subscribers of one provider that are handed over at each renewal: each once for a token, some at a time. */
export class HandOvers {
  /** With the token that each was last handed over for. */
  readonly #done = new Map<HandOver, unknown>();
  readonly #due = new Set<HandOver>();
  readonly #underWay = new Map<HandOver, unknown>();
  readonly #wait: (ms: number) => Promise<void>;
  #token: unknown;
  #busy = 0;

  constructor(wait: (ms: number) => Promise<void>) {
    this.#wait = wait;
  }

  /** Returns its removal. */
  add(handOver: HandOver): () => void {
    this.#done.set(handOver, undefined);
    return () => {
      this.#done.delete(handOver);
      this.#due.delete(handOver);
    };
  }

  /** How many are still to be handed over for `token`. */
  pending(token: unknown): number {
    return [...this.#done.values()].filter((last) => last !== token).length;
  }

  /** One of them waits for `token`; the others soon would. */
  start(token: unknown): void {
    for (const [handOver, last] of this.#done) {
      if (last !== token && this.#underWay.get(handOver) !== token) this.#due.add(handOver);
    }
    this.#token = token;
    this.#next();
  }

  #next(): void {
    for (const handOver of this.#due) {
      if (this.#busy === maxConcurrent) return;
      if (this.#underWay.has(handOver)) continue;
      this.#due.delete(handOver);
      void this.#run(handOver, this.#token);
    }
  }

  async #run(handOver: HandOver, token: unknown): Promise<void> {
    this.#underWay.set(handOver, token);
    this.#busy += 1;
    const ended = handOver().then((isDone) => {
      this.#underWay.delete(handOver);
      if (isDone && this.#done.has(handOver)) this.#done.set(handOver, token);
    });
    await Promise.race([ended, this.#wait(maxWaitMs)]);
    this.#busy -= 1;
    this.#next();
    await ended;
    // It may be due again.
    this.#next();
  }
}
