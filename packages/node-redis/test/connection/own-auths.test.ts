import { expect, test } from 'vitest';
import { OwnAuths } from '../../src/connection/own-auths.ts';

test('an AUTH is ours until each that was queued like it has settled', () => {
  const auths = new OwnAuths();
  const seen = (): unknown[] => [auths.has('a'), auths.has('b'), auths.size];
  expect(seen()).toEqual([false, false, 0]);
  auths.add('a');
  auths.add('a');
  auths.add('b');
  expect(seen()).toEqual([true, true, 2]);
  auths.delete('a');
  auths.delete('b');
  expect(seen()).toEqual([true, false, 1]);
  auths.delete('a');
  expect(seen()).toEqual([false, false, 0]);
});
