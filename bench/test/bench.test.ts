import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { median } from '../src/figures/measure.ts';
import { instructionsIn } from '../src/processes/count-instructions.ts';
import { metrics } from '../src/metrics/index.ts';
import type { Results } from '../src/figures/types.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
// An install asks the registry; under valgrind the start of a process alone takes a quarter of a minute.
const local = metrics.map(({ name }) => name).filter((name) => !/^install\/|-instructions$/.test(name));

test('every metric runs, and gives numbers', { timeout: 480_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-bench-'));
  try {
    execFileSync(process.execPath, [cli, '--quick', '--only', local.join(','), '--docs', folder], { stdio: 'pipe' });
    const results = JSON.parse(readFileSync(join(folder, 'bench/results.json'), 'utf8')) as Results;
    expect(results.metrics.map(({ name }) => name)).toEqual(local);
    expect(results.metrics.filter(({ ours, peer }) => !Number.isFinite(ours) || !Number.isFinite(peer))).toEqual([]);
    expect(readFileSync(join(folder, 'bench.md'), 'utf8')).toContain('| `hot-path/ioredis/sequential` |');
    expect(readFileSync(join(folder, 'fleet.md'), 'utf8')).toContain('# A fleet of a million connections');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what valgrind counted is read from what it says', () => {
  expect(instructionsIn('==7== \n==7== I   refs:      1,860,185,044\n')).toBe(1_860_185_044);
  expect(() => instructionsIn('valgrind: out of memory')).toThrow('out of memory');
});

test('a median is the middle, or between the two middle ones', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
