import { expect, test } from 'vitest';
import { effectOf, isBlocking, type CommandEffect } from '../../src/connection/command-effects.ts';

const effects: Record<CommandEffect, string[]> = {
  login: ['auth', 'hello'],
  begin: ['multi'],
  end: ['exec', 'discard', 'reset'],
  subscriptions: ['subscribe', 'psubscribe', 'ssubscribe', 'unsubscribe', 'punsubscribe', 'sunsubscribe'],
  none: ['get', 'publish', 'blpop', 'client', ''],
};

test.each(Object.entries(effects).flatMap(([effect, names]) => names.map((name) => [name, effect])))(
  '"%s" is %s, however it is written',
  (name = '', effect) => {
    for (const written of [name, name.toUpperCase(), name.slice(0, 1).toUpperCase() + name.slice(1)]) {
      expect([effectOf(written), effectOf(written)]).toEqual([effect, effect]);
    }
  },
);

test('names that are made up do not spoil the others', () => {
  for (let i = 0; i < 5000; i += 1) expect(effectOf(`made-up-${i}`)).toBe('none');
  expect(effectOf('aUTH')).toBe('login');
});

test.each([
  ['BLPOP list 0', true],
  ['bzpopmin set 5', true],
  ['XREAD COUNT 1 BLOCK 0 STREAMS s $', true],
  ['xreadgroup GROUP g c COUNT 2 block 100 NOACK STREAMS s >', true],
  ['XREAD STREAMS s 0', false],
  ['WAIT 1 0', true],
  ['LPOP list', false],
  ['SET BLPOP BLOCK', false],
])('%s blocks: %s', (written, expected) => {
  const [name = '', ...args] = written.split(' ');
  expect(isBlocking({ name, args } as never)).toBe(expected);
});
