import { expect, test } from 'vitest';
import { missedIn, sabotaged } from '../src/judge/sabotage.ts';

const subscribers = ['subscriber-2', 'subscriber-3'];
const lost = (name: string) => ({ invariant: 'messages', detail: `{${name}}=10 did not reach ${name}: why` }) as const;
const others = [
  { invariant: 'matches', detail: 'ECHO a was answered "b"' },
  { invariant: 'calm', detail: 'mixer-3: sabotage failed' },
  { invariant: 'one-auth', detail: 'two' },
  { invariant: 'footprint', detail: '1 TCPSocketWrap, 0 before' },
  { invariant: 'rejections', detail: 'unhandled: sabotage' },
  { invariant: 'secrets', detail: 'a token in what the process wrote' },
] as const;

test('a sabotage of which every part was found has missed nothing', () => {
  expect(missedIn([...subscribers.map(lost), ...others], subscribers)).toEqual([]);
});

test('lost messages must be found for each subscriber', () => {
  expect(missedIn([lost('subscriber-2'), ...others], subscribers)).toEqual([`${sabotaged.messages} (subscriber-3)`]);
});

test.each(others)('a broken rule that is not found is told: $invariant', ({ invariant }) => {
  const found = [...subscribers.map(lost), ...others].filter((each) => each.invariant !== invariant);
  expect(missedIn(found, subscribers)).toEqual([sabotaged[invariant]]);
});
