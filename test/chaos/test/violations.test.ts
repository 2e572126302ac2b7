import { expect, test } from 'vitest';
import { Violations } from '../src/judge/violations.ts';

const failed = { invariant: 'calm', detail: 'mixer-2: GET failed' } as const;
const twice = { invariant: 'one-auth', detail: 'two' } as const;

test('what fails in a calm is told with what misled the adapter, and other rules are not', () => {
  const violations = new Violations();
  violations.add(failed, 'clock-behind');
  violations.add(twice, 'clock-behind');
  violations.add(failed);
  expect(violations.all).toEqual([{ ...failed, detail: 'clock-behind: mixer-2: GET failed' }, twice, failed]);
});

test('many of one occasion leave room for those of another', () => {
  const violations = new Violations();
  for (let i = 0; i < 100; i += 1) violations.add(failed, 'clock-behind');
  violations.add(failed, 'identity-switch');
  expect(violations.count).toBe(51);
});

test('a calm that was held up takes back what calms are about, and nothing from before', () => {
  const violations = new Violations();
  violations.add(failed, 'clock-behind');
  const before = violations.count;
  violations.add(failed, 'identity-switch');
  violations.add({ invariant: 'recovers', detail: 'not logged in' });
  violations.add(twice);
  expect(violations.takeBack(before)).toMatchObject([{ invariant: 'calm' }, { invariant: 'recovers' }]);
  expect(violations.all.map(({ invariant }) => invariant)).toEqual(['calm', 'one-auth']);
});
