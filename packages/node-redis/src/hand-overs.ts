/** Hands one subscriber over, and never rejects; false where it could not be, or needed not. */
type HandOver = () => Promise<boolean>;

/** Each opens a connection of its own for a moment: hundreds of TLS handshakes at once would block the process. */
const atOnce = 10;

/** The subscribers of one provider that are handed over at each refresh: each once for a token, some at a time. */
export class HandOvers {
  /** With the token that each was last handed over for. */
  readonly #done = new Map<HandOver, unknown>();
  readonly #due = new Set<HandOver>();
  readonly #underWay = new Map<HandOver, unknown>();
  #token: unknown;

  /** Returns its removal. */
  add(handOver: HandOver): () => void {
    this.#done.set(handOver, undefined);
    return () => {
      this.#done.delete(handOver);
      this.#due.delete(handOver);
    };
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
    const token = this.#token;
    for (const handOver of this.#due) {
      if (this.#underWay.size === atOnce) return;
      if (this.#underWay.has(handOver)) continue;
      this.#due.delete(handOver);
      this.#underWay.set(handOver, token);
      void handOver().then((isDone) => {
        this.#underWay.delete(handOver);
        if (isDone && this.#done.has(handOver)) this.#done.set(handOver, token);
        this.#next();
      });
    }
  }
}
