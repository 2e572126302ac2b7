import type { WireEntry, WireTimeline } from '../types.ts';

/** A timeline that the cache and the gate write to. */
export interface TimelineRecorder extends WireTimeline {
  add(entry: WireEntry): void;
}

/**
 * Entries in the order they came; the oldest go when there are more than `limit`. Entries hold no secrets: see `showArgs` and
 * `digest`.
 */
export function createTimeline(limit = 100_000): TimelineRecorder {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`timeline limit must be a positive integer: ${limit}`);
  let entries: WireEntry[] = [];
  return {
    get entries() {
      return entries.length > limit ? entries.slice(-limit) : entries;
    },
    add(entry) {
      entries.push(entry);
      // Dropping a half at a time keeps adding cheap.
      if (entries.length >= limit * 2) entries = entries.slice(-limit);
    },
    toText() {
      const shown = this.entries;
      return shown.map((entry) => describeEntry(entry, shown[0]?.at ?? entry.at)).join('\n');
    },
    clear() {
      entries = [];
    },
  };
}

/** `+1.234s #7 node-2 command GET key`. */
export function describeEntry(entry: WireEntry, startAt: number): string {
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
