import type { Reply } from '../resp/reply.ts';

/** Milliseconds in the upper, sequence in the lower 64 bits: ids compare as numbers. */
export type StreamId = bigint;

const sequenceMask = 2n ** 64n - 1n;
export const lowestId: StreamId = 0n;
export const highestId: StreamId = 2n ** 128n - 1n;

export const makeId = (ms: bigint, sequence: bigint): StreamId => (ms << 64n) | sequence;
const msOf = (id: StreamId): bigint => id >> 64n;
const sequenceOf = (id: StreamId): bigint => id & sequenceMask;
export const showId = (id: StreamId): string => `${msOf(id)}-${sequenceOf(id)}`;

export interface StreamEntry {
  readonly id: StreamId;
  /** Field, value, field, value. */
  readonly fields: readonly Buffer[];
}

export interface PendingEntry {
  consumer: string;
  deliveredAt: number;
  deliveries: number;
}

export interface ConsumerGroup {
  lastDelivered: StreamId;
  readonly pending: Map<StreamId, PendingEntry>;
  readonly consumers: Set<string>;
}

export interface Stream {
  entries: StreamEntry[];
  lastId: StreamId;
  readonly groups: Map<string, ConsumerGroup>;
}

export const newStream = (): Stream => ({ entries: [], lastId: lowestId, groups: new Map() });

export function showEntry(entry: StreamEntry): Reply {
  return [showId(entry.id), entry.fields];
}

/** Entries from `from` to `to`, both inclusive. */
export function between(stream: Stream, from: StreamId, to: StreamId): StreamEntry[] {
  return stream.entries.filter(({ id }) => id >= from && id <= to);
}

export function after(stream: Stream, id: StreamId, count: number = Number.POSITIVE_INFINITY): StreamEntry[] {
  const start = stream.entries.findIndex((entry) => entry.id > id);
  return start < 0 ? [] : stream.entries.slice(start, start + count);
}
