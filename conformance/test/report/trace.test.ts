import type { WireEntry } from '@entra-redis/emulator';
import { expect, test } from 'vitest';
import { traceOf } from '../../src/index.ts';

const entry = (at: number, event: WireEntry['event'], more: Partial<WireEntry> = {}): WireEntry => ({
  at,
  event,
  connection: 1,
  ...more,
});
const timelineOf = (entries: WireEntry[]) => ({ entries });

test('commands that follow each other closely are one event', () => {
  const commands = Array.from({ length: 50 }, (_, i) =>
    entry(1000 + i, 'command', { args: [i % 2 ? 'GET' : 'set', 'key'] }),
  );
  const { events } = traceOf(
    timelineOf([entry(1000, 'open'), ...commands, entry(1900, 'command', { args: ['PING'] })]),
  );
  expect(events).toEqual([
    { lane: 0, atMs: 0, kind: 'open', text: '' },
    { lane: 0, atMs: 0, kind: 'command', text: 'SET, GET', count: 50, untilMs: 49 },
    { lane: 0, atMs: 900, kind: 'command', text: 'PING', count: 1, untilMs: 900 },
  ]);
});

test('connections are lanes, by node; replies and messages are left out, notices of maintenance are not', () => {
  const { lanes, events } = traceOf(
    timelineOf([
      entry(0, 'open', { node: 'a' }),
      entry(1, 'open', { node: 'b' }),
      entry(2, 'reply', { node: 'b', text: '+OK' }),
      entry(3, 'push', { node: 'b', text: 'message' }),
      entry(4, 'push', { node: 'b', text: '>MOVING 4' }),
    ]),
  );
  expect(lanes).toEqual(['connection 1 of a', 'connection 1 of b']);
  expect(events.map(({ kind, text }) => [kind, text])).toEqual([
    ['open', ''],
    ['open', ''],
    ['push', 'MOVING'],
  ]);
});

test('a long timeline is cut, and says so', () => {
  const entries = Array.from({ length: 1000 }, (_, i) => entry(i * 1000, 'open', { connection: i }));
  const { lanes, lanesLeft, events, left } = traceOf(timelineOf(entries));
  expect(lanes.length).toBeLessThan(50);
  expect(lanes.length + lanesLeft).toBe(1000);
  expect(events.length + left).toBe(lanes.length);
});
