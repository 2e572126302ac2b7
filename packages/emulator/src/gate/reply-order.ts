import type { Reply } from '../resp/reply.ts';
import type { Expected, FaultAfterReply } from './expected.ts';

/** One place in the order of replies. */
export type Place =
  | { readonly is: 'upstream'; readonly expected: Expected; readonly fault?: FaultAfterReply }
  /** Replies like any other, in a row: only counted. */
  | { readonly is: 'run'; count: number }
  /** Answered, or ended, by the gate itself when its turn comes. */
  | { readonly is: 'local'; readonly reply?: Reply; readonly close?: string };

/** The replies that are due to the client, in order. Ordinary commands cost one counter, however many they are. */
export class ReplyOrder {
  #places: Place[] = [];
  #head = 0;

  get empty(): boolean {
    return this.#head >= this.#places.length;
  }

  /** Entries that cost memory. */
  get size(): number {
    return this.#places.length - this.#head;
  }

  /** What the next reply of the upstream answers. */
  get next(): Expected | undefined {
    const place = this.#places[this.#head];
    if (place?.is === 'upstream') return place.expected;
    return place?.is === 'run' ? plain : undefined;
  }

  add(place: Place): void {
    this.#places.push(place);
  }

  addPlain(count = 1): void {
    const last = this.empty ? undefined : this.#places.at(-1);
    if (last?.is === 'run') last.count += count;
    else this.#places.push({ is: 'run', count });
  }

  /** How many ordinary replies come next. */
  get run(): number {
    const place = this.#places[this.#head];
    return place?.is === 'run' ? place.count : 0;
  }

  /** So many of them have come. */
  shiftRun(count: number): void {
    const place = this.#places[this.#head];
    if (place?.is !== 'run') return;
    place.count -= count;
    if (place.count <= 0) this.#advance();
  }

  /** The next reply has come: takes its place away and answers it. */
  shift(): Place | undefined {
    const place = this.#places[this.#head];
    if (place?.is === 'run' && --place.count > 0) return place;
    this.#advance();
    return place;
  }

  /** The replies that the gate itself owes now. */
  takeLocal(): Extract<Place, { is: 'local' }> | undefined {
    const place = this.#places[this.#head];
    if (place?.is !== 'local') return undefined;
    this.#advance();
    return place;
  }

  /** Replies that nobody announced follow before all others. */
  insertPlain(count: number): void {
    this.#places.splice(0, this.#head, { is: 'run', count });
    this.#head = 0;
  }

  #advance(): void {
    this.#head++;
    if (this.#head < this.#places.length && this.#head < 1024) return;
    this.#places = this.#places.slice(this.#head);
    this.#head = 0;
  }
}

const plain: Expected = { kind: 'plain' };
