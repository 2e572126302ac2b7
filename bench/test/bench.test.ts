import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { median } from '../src/figures/measure.ts';
import { metrics } from '../src/metrics/index.ts';
import type { Results } from '../src/figures/types.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
// An install asks the registry.
const local = metrics.map(({ name }) => name).filter((name) => !name.startsWith('install/'));

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

test('a median is the middle, or between the two middle ones', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
