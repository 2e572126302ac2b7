import { expect, test } from 'vitest';
import { StandstillWatch, wasHeldUp } from '../src/stood-still.ts';

test('the longest time for which a process stood still while a case ran', () => {
  const watch = new StandstillWatch(0);
  for (const at of [10, 21, 350, 360, 1000, 1010]) watch.tick(at);
  expect(watch.longestSince(0)).toBe(630);
  expect(watch.longestSince(1005)).toBe(0);
  // It began before the case did, which was held up all the same.
  expect(watch.longestSince(900)).toBe(630);
});

test('a process that stood still for a tenth of a life of a token says nothing of the driver', () => {
  expect(wasHeldUp(301, 3000)).toBe(true);
  expect(wasHeldUp(299, 3000)).toBe(false);
  expect(wasHeldUp(301, 60_000)).toBe(false);
});
