import { expect, test } from 'vitest';
import { runAgain, toldAgain, toldHeldUp, wasHeldUp } from '../../src/runner/held-up.ts';
import { StandstillWatch } from '../../src/runner/standstill-watch.ts';
import type { CaseResult, Outcome } from '../../src/runner/case-result.ts';
import { driverOf, resultOf as result, scenarioOf } from '../support.ts';

test('how long a process stood still within a second while a case ran', () => {
  const watch = new StandstillWatch(0);
  for (const at of [10, 21, 350, 360, 1000, 1010]) watch.tick(at);
  expect(watch.longestSince(0)).toBe(319 + 630);
  expect(watch.longestSince(1005)).toBe(0);
  // It began before the case did, which was held up all the same.
  expect(watch.longestSince(900)).toBe(630);
});

test('standstills within a second count together, others apart', () => {
  const watch = new StandstillWatch(0);
  for (const at of [210, 220, 430, 440, 950, 2110, 2120, 2330]) watch.tick(at);
  expect(watch.longestSince(0)).toBe(1150 + 200);
  expect(watch.longestSince(2200)).toBe(200);
  expect(new StandstillWatch(0).longestSince(0)).toBe(0);
});

test('a process that stood still for a tenth of a life of a token says nothing of the driver', () => {
  const heldUp = (stoodStillMs: number, more: object, outcome: Outcome = 'fail'): boolean =>
    wasHeldUp(
      { scenario: scenarioOf('a/b', async () => undefined, more), driver: driverOf('mine', '1.0.0') },
      result(outcome, { stoodStillMs }),
    );
  expect(heldUp(301, { lifetimeMs: 3000 })).toBe(true);
  expect(heldUp(299, { lifetimeMs: 3000 })).toBe(false);
  expect(heldUp(301, { lifetimeMs: 60_000 })).toBe(false);
  expect(heldUp(301, { lifetimeMs: 60_000, patienceMs: 300 })).toBe(true);
  expect(heldUp(301, { lifetimeMs: 3000 }, 'pass')).toBe(false);
});

const first = result('fail', { stoodStillMs: 400, error: 'cut' });
const again = async (...runs: CaseResult[]): Promise<CaseResult> => {
  const isHeldUp = ({ outcome, stoodStillMs = 0 }: CaseResult): boolean => outcome === 'fail' && stoodStillMs > 300;
  const { result: last } = await runAgain(first, async () => ({ result: runs.shift() as CaseResult }), isHeldUp);
  return last;
};

test('the second run counts, and says what came of the first', async () => {
  const second = await again(result('pass'));
  expect(second).toEqual({ ...result('pass'), heldUp: { outcome: 'fail', stoodStillMs: 400, error: 'cut' } });
  expect(toldHeldUp(first)).toContain('stood still for 400 ms; again at the end, alone');
  expect(toldAgain(second.heldUp as NonNullable<CaseResult['heldUp']>)).toBe(
    'run again, alone: the first time it was fail, while its process stood still for 400 ms',
  );
});

test('a second run that is held up too says nothing either: it is run again', async () => {
  const third = await again(result('fail', { stoodStillMs: 500 }), result('pass'));
  expect(third).toMatchObject({ outcome: 'pass', heldUp: { runs: 2 } });
});

test('a second run that fails without being held up counts', async () => {
  expect(await again(result('fail', { error: 'broken' }), result('pass'))).toMatchObject({ error: 'broken' });
});

test('a driver that stands still each time, alone, is not excused by it', async () => {
  const stands = result('fail', { stoodStillMs: 500, error: 'cut' });
  const last = await again(stands, stands, stands, result('pass'));
  expect(last).toMatchObject({ outcome: 'fail', heldUp: { runs: 3 } });
  expect(toldAgain(last.heldUp as NonNullable<CaseResult['heldUp']>)).toContain('run again, alone, 3 times: ');
});
