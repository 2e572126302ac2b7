import type { FromApplication } from '../protocol.ts';

type Missing = Omit<FromApplication & { type: 'missing' }, 'type'>;

/** How many rounds a message may take from the answer to its PUBLISH. Rounds, not time: a paused process reads nothing. */
const patience = 12;
/** How many rounds it is known for what has arrived. */
const memory = 200;

/** The messages of one subscriber: which were published, and which arrived. */
export class Messages {
  readonly #subscriber: string;
  readonly #published = new Map<string, { readonly from: number; readonly to: number; readonly round: number }>();
  readonly #received = new Map<string, number>();
  #round = 0;
  received = 0;
  doubled = 0;

  constructor(subscriber: string) {
    this.#subscriber = subscriber;
  }

  /** The server has answered the PUBLISH, which was sent at `from`. */
  published(message: string, from: number): void {
    this.#published.set(message, { from, to: Date.now(), round: this.#round });
  }

  arrived(message: string): void {
    this.received += 1;
    if (this.#received.has(message)) this.doubled += 1;
    else this.#received.set(message, this.#round);
  }

  /** To be called at a steady pace. Answers with what is overdue; each message once. */
  overdue(): Missing[] {
    this.#round += 1;
    const missing: Missing[] = [];
    for (const [message, { from, to, round }] of this.#published) {
      if (this.#round - round < patience) break;
      this.#published.delete(message);
      if (!this.#received.has(message)) missing.push({ subscriber: this.#subscriber, message, from, to });
    }
    for (const [message, round] of this.#received) {
      if (this.#round - round < memory) break;
      this.#received.delete(message);
    }
    return missing;
  }
}
