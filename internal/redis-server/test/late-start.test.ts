import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@entra-redis/test-support';
import { describe, expect, type TestContext, test } from 'vitest';
import { eventually, Progress, startRedisServer } from '../src/index.ts';

/** Many times what a shell takes to write its next line, on a busy machine, too. */
const patienceMs = 2000;

/** A redis-server that runs these lines of shell before it starts. */
async function serverAfter(lines: string, { onTestFinished }: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-late-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, 'redis-server');
  await writeFile(program, `#!/bin/sh\n${lines}\nexec "${process.env['REDIS_SERVER']}" "$@"\n`);
  await chmod(program, 0o755);
  return program;
}

describe.concurrent('a start', () => {
  test('that is late is awaited as long as the log shows progress', async (context) => {
    const told: string[] = [];
    const progress = new Progress({ patienceMs, onNews: () => told.push(progress.lastLine) });
    const program = await serverAfter('for part in 1 2 3 4 5 6; do echo "loaded part $part"; sleep 0.5; done', context);
    await using server = await startRedisServer({ program, progress });
    expect(isAlive(server.pid)).toBe(true);
    expect(told.filter((line) => line.includes('loaded part'))).toHaveLength(6);
  });

  test.for([
    ['falls silent', 'echo "loading"; exec sleep 60'],
    ['says the same again and again', 'while sleep 0.1; do echo "loading"; done'],
  ] as const)('that %s is given up, with its last words', async ([, lines], context) => {
    const program = await serverAfter(lines, context);
    const starting = startRedisServer({ program, progress: new Progress({ patienceMs }) });
    await expect(starting).rejects.toThrow(/did not start: .*loading/);
  });
});

test('whoever waits for several servers goes on as long as one of them writes news', async () => {
  const progress = new Progress({ patienceMs: 500 });
  let round = 0;
  const waiting = eventually('all have met', progress, async () => {
    round += 1;
    if (round <= 60) progress.add('one', `met ${round}`);
    else progress.add('another', 'still alone');
    return undefined;
  });
  await expect(waiting).rejects.toThrow(
    'all have met: not yet, and nothing new for 500 ms since "another: still alone"',
  );
  // More rounds than fit into the patience without news.
  expect(round).toBeGreaterThan(60);
});
