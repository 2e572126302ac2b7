import type { Reply } from '../resp/reply.ts';
import { CommandError, wrongType } from './args.ts';

/** Milliseconds in the upper, sequence in the lower 64 bits: ids compare as numbers. */
export type StreamId = bigint;

export interface StreamEntry {
  readonly id: StreamId;
  /** Field, value, field, value. */
  readonly fields: readonly Buffer[];
}

export interface Stream {
  readonly entries: StreamEntry[];
  lastId: StreamId;
}

/** What a key holds. Lists are never empty: the last removal deletes the key. */
export type Value =
  | { readonly type: 'string'; bytes: Buffer }
  | { readonly type: 'list'; readonly items: Buffer[] }
  | { readonly type: 'hash'; readonly fields: Map<string, Buffer> }
  | { readonly type: 'stream'; readonly stream: Stream };
type ValueType = Value['type'];
type ValueOf<T extends ValueType> = Extract<Value, { type: T }>;

interface Entry {
  readonly value: Value;
  /** Epoch ms, when the key is to go. */
  expiresAt?: number;
}

/** A blocked command. */
export interface Waiter {
  readonly keys: readonly string[];
  /** What the command answers now that `key` was written, or undefined to go on waiting. */
  readonly attempt: (key: string) => Reply | undefined;
  readonly onTimeout: Reply;
  /** Ends the wait with an answer. */
  readonly finish: (reply: Reply) => void;
  /** Ends the wait without one: the connection is gone. */
  readonly cancel: () => void;
}

/** One numbered database. Expired keys go when somebody looks at them: no timer runs. */
export class Database {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Blocked commands by key, first come first served. */
  readonly waiting: Map<string, Set<Waiter>> = new Map();
  /** Keys written to while somebody waits for them. */
  readonly ready: Set<string> = new Set();

  constructor(now: () => number) {
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > this.#now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  get(key: string): Value | undefined {
    return this.entry(key)?.value;
  }

  /** The value when it has this type, undefined when there is none. Throws WRONGTYPE. */
  find<T extends ValueType>(key: string, type: T): ValueOf<T> | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (!hasType(value, type)) throw wrongType();
    return value;
  }

  /** As `find`, made with `create` when there is none. Call `changed` after the change. */
  findOrAdd<T extends ValueType>(key: string, type: T, create: () => ValueOf<T>): ValueOf<T> {
    const found = this.find(key, type);
    if (found !== undefined) return found;
    const value = create();
    this.#entries.set(key, { value });
    return value;
  }

  /** Replaces the key, its expiry too unless `expiresAt` says otherwise. */
  set(key: string, value: Value, expiresAt?: number): void {
    this.#entries.set(key, expiresAt === undefined ? { value } : { value, expiresAt });
  }

  delete(key: string): boolean {
    if (this.entry(key) === undefined) return false;
    return this.#entries.delete(key);
  }

  /** To call after every change of a collection: an empty list goes, and blocked commands learn of it. */
  changed(key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.value.type === 'list' && entry.value.items.length === 0) this.#entries.delete(key);
    if (this.waiting.has(key)) this.ready.add(key);
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.entry(key) !== undefined);
  }

  /** Takes a key out, with its expiry, to put it elsewhere with `put`. */
  take(key: string): Entry | undefined {
    const entry = this.entry(key);
    this.delete(key);
    return entry;
  }

  put(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.changed(key);
  }
}

function hasType<T extends ValueType>(value: Value, type: T): value is ValueOf<T> {
  return value.type === type;
}

export const databaseCount = 16;

/** The data of one master, shared with its replicas. */
export class Keyspace {
  readonly databases: readonly Database[];

  constructor(now: () => number = Date.now) {
    this.databases = Array.from({ length: databaseCount }, () => new Database(now));
  }

  database(index: number): Database {
    const found = this.databases[index];
    if (found === undefined) throw new RangeError(`there is no database ${index}`);
    return found;
  }

  /** After every command or transaction: gives what it wrote to the commands that are blocked for it. */
  settle(): void {
    for (const database of this.databases) if (database.ready.size > 0) serveWaiting(database);
  }
}

/** Serves blocked commands in the order they came, until nothing more can be served. */
function serveWaiting(database: Database): void {
  while (database.ready.size > 0) {
    const keys = [...database.ready];
    database.ready.clear();
    for (const key of keys) {
      for (const waiter of database.waiting.get(key) ?? []) serve(waiter, key);
    }
  }
}

function serve(waiter: Waiter, key: string): void {
  try {
    const reply = waiter.attempt(key);
    if (reply !== undefined) waiter.finish(reply);
  } catch (error) {
    // A key of another type than the one waited for is none of this waiter's business, as in Redis.
    if (!(error instanceof CommandError)) throw error;
    if (!error.message.startsWith('WRONGTYPE')) waiter.finish({ type: 'error', text: error.message });
  }
}
