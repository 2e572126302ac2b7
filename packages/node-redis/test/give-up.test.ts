import { expect, test } from 'vitest';
import { giveUpAfterRefusals } from '../src/index.ts';

const refusal = new Error('WRONGPASS invalid username-password pair or user is disabled.');
const lost = new Error('Socket closed unexpectedly');

test('anything but a refusal is tried again as node-redis does: after 50 ms, doubled up to 2 s, and up to 200 ms more', () => {
  const strategy = giveUpAfterRefusals(3);
  for (const [retries, atLeast] of [
    [0, 50],
    [1, 100],
    [4, 800],
    [20, 2000],
  ] as const) {
    const delays = Array.from({ length: 100 }, () => strategy(retries, lost) as number);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(atLeast);
    expect(Math.max(...delays)).toBeLessThan(atLeast + 200);
    expect(new Set(delays).size).toBeGreaterThan(10);
    expect(delays.every((delay) => Number.isInteger(delay))).toBe(true);
  }
});

test('connect/refused: one refusal is enough where that is asked for', () => {
  expect(giveUpAfterRefusals(1)(0, refusal)).toMatchObject({ code: 'ERR_AUTH_REFUSED', cause: refusal });
});

test('connect/refused: refusals count in a row, from anew after one that ended a client', () => {
  const strategy = giveUpAfterRefusals(2, () => 7);
  const tries = [refusal, lost, refusal, refusal, refusal, refusal].map((cause, i) => strategy(i, cause));
  const ended = expect.objectContaining({ code: 'ERR_AUTH_REFUSED' });
  expect(tries).toEqual([7, 7, 7, ended, 7, ended]);
});

test('a try that is lost takes the place of a refusal with its number, which another client had', () => {
  const strategy = giveUpAfterRefusals(2, () => 7);
  expect([strategy(0, refusal), strategy(0, lost), strategy(1, refusal)]).toEqual([7, 7, 7]);
});

test.each([
  [0, '0'],
  [1.5, '1.5'],
  ['3', "'3'"],
])('%j refusals are refused, with the value', (refusals, shown) => {
  expect(() => giveUpAfterRefusals(refusals as number)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: `Option "refusals" must be an integer of at least 1, but is ${shown}.`,
    }),
  );
});
