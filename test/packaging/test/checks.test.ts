import { expect, test } from 'vitest';
import { Checks, Stop } from '../src/checks.ts';
import { Problem } from '../../../scripts/run.ts';

function recorder() {
  const lines: string[] = [];
  return {
    lines,
    checks: new Checks(
      (line) => lines.push(line),
      () => 0,
    ),
  };
}

test('all checks of a phase run, also after one failed, and each failure is told with its sentence', async () => {
  const { lines, checks } = recorder();
  const ran: string[] = [];
  const check = (name: string, problem?: string) => ({
    name,
    run: () => {
      ran.push(name);
      return problem === undefined ? Promise.resolve() : Promise.reject(new Problem(problem));
    },
  });
  await checks.phase('logins', [check('a'), check('b', 'do this'), check('c')], 1);
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(lines).toEqual(['✗ b\n    do this', '✗ logins: 1 of 3 failed in 0.0 s']);
  expect(checks.summary()).toBe('2 passed, 1 failed');
});

test('a step that fails is told once and stops what builds on it', async () => {
  const { lines, checks } = recorder();
  await expect(checks.step('build', () => Promise.reject(new Problem('do this')))).rejects.toThrow(Stop);
  expect(lines).toEqual(['✗ build: do this']);
  expect(checks.summary()).toBe('0 passed, 1 failed');
});

test('not more checks at a time than asked for', async () => {
  const { checks } = recorder();
  let running = 0;
  let most = 0;
  const run = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  };
  await checks.phase(
    'types',
    Array.from({ length: 6 }, () => ({ name: 'x', run })),
    2,
  );
  expect(most).toBe(2);
});

test('what a check proves holds for a client until one check of it fails', async () => {
  const { checks } = recorder();
  const check = (name: string, clients: readonly string[], works: boolean) => ({
    name,
    proves: { way: 'tsx 4', clients },
    run: () => (works ? Promise.resolve() : Promise.reject(new Problem('do this'))),
  });
  const both = ['ioredis 6', 'redis 6'];
  await checks.phase('runners', [check('a', both, true), check('b', ['redis 6'], false), check('c', both, true)], 1);
  const expected = new Map([
    ['ioredis 6', true],
    ['redis 6', false],
  ]);
  expect(checks.proved).toEqual(new Map([['tsx 4', expected]]));
});
