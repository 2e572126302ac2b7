import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startClusterServers } from '../../src/targets/cluster-servers.ts';

/** A redis-server whose process stands still most of the time while it starts, as on a machine that has too much to do. */
async function heldUpServer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-held-up-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, 'redis-server');
  const standStill = 'for time in 1 2 3 4 5 6; do sleep 0.1; kill -STOP $$; sleep 1.$(($$ % 10)); kill -CONT $$; done';
  await writeFile(program, `#!/bin/sh\n(${standStill}) >&- 2>&- &\nexec "${process.env['REDIS_SERVER']}" "$@"\n`);
  await chmod(program, 0o755);
  return program;
}

test('the nodes of a cluster that are held up again and again get to know each other', {
  timeout: 60_000,
}, async () => {
  vi.stubEnv('REDIS_SERVER', await heldUpServer());
  onTestFinished(() => void vi.unstubAllEnvs());
  const cluster = await startClusterServers(3);
  onTestFinished(() => cluster.close());
  const slots = await Promise.all(cluster.nodes.map(({ admin }) => admin.cluster('SLOTS')));
  expect(slots.map((ranges) => ranges.length)).toEqual([3, 3, 3, 3, 3, 3]);
});
