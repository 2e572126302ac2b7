import { expect, test } from 'vitest';
import { misplaced } from '../src/judge/moves.ts';
import { connection } from './support.ts';

const moves = [
  { node: 'address-2', at: 10_000 },
  { node: 'address-1', at: 30_000 },
];
const went = (node: string, openedAt: number, name = 'mixer-2'): string[] =>
  misplaced([connection({ id: 7, name, node, openedAt })], moves);

test.each([
  [5000, 'address-1', 'address-2'],
  [20_000, 'address-2', 'address-1'],
  [40_000, 'address-1', 'address-2'],
])('a connection that opens at %i ms goes where the last change says: %s', (openedAt, right, wrong) => {
  expect(went(right, openedAt)).toEqual([]);
  expect(went(wrong, openedAt)).toEqual([`connection #7 mixer-2 went to ${wrong}, not to ${right}`]);
});

test.each([7500, 12_900, 29_000])('near a change either address will do: %i ms', (openedAt) => {
  expect([...went('address-1', openedAt), ...went('address-2', openedAt)]).toEqual([]);
});

test('where nobody changed an address there is nothing to say, nor of clients that have options of their own, as BullMQ', () => {
  expect(misplaced([connection({ name: 'mixer-2', node: 'address-9' })], [])).toEqual([]);
  expect(went('address-1', 20_000, 'bull:Y2hhb3M=')).toEqual([]);
});
