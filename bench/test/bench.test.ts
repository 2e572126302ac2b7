import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
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

/** The processes whose parent this is, in the order of their start, by what they were started with. */
function childrenOf(parent: number | undefined, args: RegExp): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const fields = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const own = fields.filter(([, ppid, ...rest]) => Number(ppid) === parent && args.test(rest.join(' ')));
  return own.map(([pid]) => Number(pid)).sort((a, b) => a - b);
}

test('a measuring process that is killed ends the run, and the error names it', async () => {
  const run = spawn(process.execPath, [cli, '--quick', '--only', 'rotation/ioredis/p99'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  run.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  // The second one starts when the first is there.
  const residents = (): number[] => childrenOf(run.pid, /resident\.js rotating/);
  await vi.waitUntil(() => residents().length === 2, { timeout: 30_000 });
  process.kill(residents()[0] as number, 'SIGKILL');
  const [code] = (await once(run, 'close')) as [number | null];
  expect({ code, told }).toEqual({ code: 1, told: 'bench: rotating: a measuring process ended with SIGKILL\n' });
});

test('what valgrind counted is read from what it says', () => {
  expect(instructionsIn('==7== \n==7== I   refs:      1,860,185,044\n')).toBe(1_860_185_044);
  expect(() => instructionsIn('valgrind: out of memory')).toThrow('out of memory');
});

test('a median is the middle, or between the two middle ones', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
