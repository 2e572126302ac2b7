import { expect, test } from 'vitest';
import { misled, missedIn, sabotaged } from '../src/judge/sabotage.ts';
import { allMisleading } from '../src/schedule/misleading.ts';
import { sabotageStorm } from '../src/schedule/sabotage.ts';

const subscribers = ['subscriber-2', 'subscriber-3'];
const plan = { subscribers, movable: true };
const lost = (name: string) => ({ invariant: 'messages', detail: `{${name}}=10 did not reach ${name}: why` }) as const;
const others = [
  { invariant: 'matches', detail: 'ECHO a was answered "b"' },
  { invariant: 'calm', detail: 'mixer-3: sabotage failed' },
  { invariant: 'one-auth', detail: 'two' },
  { invariant: 'unanswered', detail: '#1 mixer-3 was cut' },
  { invariant: 'moves', detail: 'connection #1 mixer-3 went to address-1' },
  { invariant: 'footprint', detail: '1 TCPSocketWrap, 0 before' },
  { invariant: 'rejections', detail: 'unhandled: sabotage' },
  { invariant: 'secrets', detail: 'a token in what the process wrote' },
] as const;
const cuts = allMisleading.map((kind) => ({ invariant: 'calm', detail: `${kind}: #1 mixer-3 was cut` }) as const);
const all = [...subscribers.map(lost), ...others, ...cuts];

test('a sabotage of which every part was found has missed nothing', () => {
  expect(missedIn(all, plan)).toEqual([]);
});

test('lost messages must be found for each subscriber', () => {
  expect(missedIn([lost('subscriber-2'), ...others, ...cuts], plan)).toEqual([`${sabotaged.messages} (subscriber-3)`]);
});

test.each(others)('a broken rule that is not found is told: $invariant', (broken) => {
  const found = all.filter((each) => each !== broken);
  expect(missedIn(found, plan)).toEqual([sabotaged[broken.invariant]]);
});

test.each(allMisleading)('what misleads must be found each for itself: %s', (kind) => {
  const found = all.filter(({ detail }) => !detail.startsWith(`${kind}: `));
  expect(missedIn(found, plan)).toEqual([misled(kind)]);
});

test('a client whose address cannot be changed need not be found at a former one', () => {
  const found = all.filter(({ invariant }) => invariant !== 'moves');
  expect(missedIn(found, { ...plan, movable: false })).toEqual([]);
});

test('the storm of the sabotage has what its rules are about, and the cut comes when every connection has settled after the move', () => {
  const kinds = (movable: boolean): string[] => sabotageStorm(5000, movable).steps.map(({ fault }) => fault.kind);
  expect(kinds(true)).toEqual(['options-changed', 'cut', 'unanswered-auth']);
  expect(kinds(false)).toEqual(['unanswered-auth']);
});
