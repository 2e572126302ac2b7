import type { Reply } from '../resp/reply.ts';
import type { Expected, FaultAfterReply } from './expected.ts';

/** One place in the order of replies. */
export type Slot =
  | { readonly is: 'upstream'; readonly expected: Expected; readonly fault?: FaultAfterReply }
  /** Replies like any other, in a row: only counted. */
  | { readonly is: 'run'; count: number }
  /** Answered, or ended, by the gate itself when its turn comes. */
  | { readonly is: 'local'; readonly reply?: Reply; readonly close?: string };

/** The replies that are due to the client, in order. Ordinary commands cost one counter, however many they are. */
export class ReplyOrder {
  #slots: Slot[] = [];
  #head = 0;

  get empty(): boolean {
    return this.#head >= this.#slots.length;
  }

  /** Entries that cost memory. */
  get size(): number {
    return this.#slots.length - this.#head;
  }

  /** What the next reply of the upstream answers. */
  get next(): Expected | undefined {
    const slot = this.#slots[this.#head];
    if (slot?.is === 'upstream') return slot.expected;
    return slot?.is === 'run' ? plain : undefined;
  }

  add(slot: Slot): void {
    this.#slots.push(slot);
  }

  addPlain(count = 1): void {
    const last = this.empty ? undefined : this.#slots.at(-1);
    if (last?.is === 'run') last.count += count;
    else this.#slots.push({ is: 'run', count });
  }

  /** How many ordinary replies come next. */
  get run(): number {
    const slot = this.#slots[this.#head];
    return slot?.is === 'run' ? slot.count : 0;
  }

  /** So many of them have come. */
  shiftRun(count: number): void {
    const slot = this.#slots[this.#head];
    if (slot?.is !== 'run') return;
    slot.count -= count;
    if (slot.count <= 0) this.#advance();
  }

  /** The next reply has come: takes its place away and answers it. */
  shift(): Slot | undefined {
    const slot = this.#slots[this.#head];
    if (slot?.is === 'run' && --slot.count > 0) return slot;
    this.#advance();
    return slot;
  }

  /** The replies that the gate itself owes now. */
  takeLocal(): Extract<Slot, { is: 'local' }> | undefined {
    const slot = this.#slots[this.#head];
    if (slot?.is !== 'local') return undefined;
    this.#advance();
    return slot;
  }

  /** Replies that nobody announced follow before all others. */
  insertPlain(count: number): void {
    this.#slots.splice(0, this.#head, { is: 'run', count });
    this.#head = 0;
  }

  #advance(): void {
    this.#head++;
    if (this.#head < this.#slots.length && this.#head < 1024) return;
    this.#slots = this.#slots.slice(this.#head);
    this.#head = 0;
  }
}

const plain: Expected = { kind: 'plain' };
