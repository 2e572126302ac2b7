import type { WireEntry, WireTimeline } from '../types.ts';

/** Commands, replies and pushes that are worked out when somebody reads the timeline: most never are. */
export interface LateEntries {
  readonly count: number;
  read(): readonly WireEntry[];
}

/** A timeline that the cache and the gate write to. */
export interface TimelineRecorder extends WireTimeline {
  add(entry: WireEntry): void;
  addLate(entries: LateEntries): void;
}

/**
 * Entries in the order they came; the oldest go when there are more than `limit`. Entries hold no secrets: see `showArgs` and
 * `digest`.
 */
export function createTimeline(limit = 100_000): TimelineRecorder {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`timeline limit must be a positive integer: ${limit}`);
  const kept = new EntryList(limit);
  const landmarks = new EntryList(limit);
  return {
    get entries() {
      return kept.read();
    },
    get landmarks() {
      return landmarks.read();
    },
    add(entry) {
      kept.add(entry, 1);
      if (!traffic.has(entry.event)) landmarks.add(entry, 1);
    },
    addLate: (entries) => kept.add(entries, entries.count),
    toText() {
      const shown = this.entries;
      return shown.map((entry) => describeEntry(entry, shown[0]?.at ?? entry.at)).join('\n');
    },
    clear() {
      kept.clear();
      landmarks.clear();
    },
  };
}

const traffic: ReadonlySet<WireEntry['event']> = new Set(['command', 'reply', 'push']);

class EntryList {
  readonly #limit: number;
  #entries: WireEntry[] = [];
  /** What came since the last read, from the first late entries on. */
  #pending: (WireEntry | LateEntries)[] = [];
  #count = 0;
  /** What was read last, until something is added. */
  #shown: readonly WireEntry[] | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: WireEntry | LateEntries, count: number): void {
    if (this.#pending.length === 0 && !('read' in item)) this.#entries.push(item);
    else this.#pending.push(item);
    this.#count += count;
    this.#shown = undefined;
    // Dropping a half at a time keeps adding cheap.
    if (this.#count >= this.#limit * 2) this.#drop();
  }

  read(): readonly WireEntry[] {
    if (this.#shown !== undefined) return this.#shown;
    for (const item of this.#pending) {
      if ('read' in item) for (const entry of item.read()) this.#entries.push(entry);
      else this.#entries.push(item);
    }
    this.#pending = [];
    this.#count = this.#entries.length;
    this.#shown = this.#entries.slice(-this.#limit);
    return this.#shown;
  }

  clear(): void {
    this.#entries = [];
    this.#pending = [];
    this.#count = 0;
    this.#shown = undefined;
  }

  /** Drops the oldest; late entries go together. */
  #drop(): void {
    const excess = Math.min(this.#entries.length, this.#count - this.#limit);
    this.#entries.splice(0, excess);
    this.#count -= excess;
    let from = 0;
    for (let item = this.#pending[0]; item !== undefined; item = this.#pending[++from]) {
      const count = 'read' in item ? item.count : 1;
      if (this.#count - count < this.#limit) break;
      this.#count -= count;
    }
    this.#pending = this.#pending.slice(from);
  }
}

/** `+1.234s #7 node-2 command GET key`. */
function describeEntry(entry: WireEntry, startAt: number): string {
  const seconds = ((entry.at - startAt) / 1000).toFixed(3);
  const parts = [`+${seconds}s`, `#${entry.connection}`];
  if (entry.node !== undefined) parts.push(entry.node);
  parts.push(entry.event);
  if (entry.login !== undefined) {
    const { via, username, token, expiresAt } = entry.login;
    const left = Number.isFinite(expiresAt) ? `${((expiresAt - entry.at) / 1000).toFixed(3)}s left` : 'never expires';
    parts.push(`${via} ${username} ${token} (${left})`);
  }
  if (entry.args !== undefined) parts.push(entry.args.map(quoteWhereNeeded).join(' '));
  if (entry.text !== undefined) parts.push(entry.text);
  return parts.join(' ');
}

function quoteWhereNeeded(argument: string): string {
  return /^[\x21\x23-\x7e…]+$/.test(argument) ? argument : JSON.stringify(argument);
}

/** The recorder behind `options.timeline`, or a new one. Throws on a timeline that nobody can write to. */
export function recorderFrom(timeline: WireTimeline | undefined): TimelineRecorder {
  if (timeline === undefined) return createTimeline();
  if (isRecorder(timeline)) return timeline;
  throw new TypeError('options.timeline must be the timeline of another cache or gate, or one from createTimeline()');
}

function isRecorder(timeline: WireTimeline): timeline is TimelineRecorder {
  return 'add' in timeline && typeof timeline.add === 'function';
}
