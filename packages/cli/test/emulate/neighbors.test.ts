import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { temporaryFolder } from '@entra-redis/test-support';
import { expect, test } from 'vitest';
import { runApplication, startEmulator } from '../support/emulator.ts';

const unshare = ['unshare', '--pid', '--fork', '--mount-proc'];

test('two emulators in separate process namespaces, which share a temporary directory, leave each other alone', async () => {
  const parent = await temporaryFolder();
  const env = { TMPDIR: parent };
  const within = [unshare, [...unshare, '--user', '--map-root-user']].find(
    ([command = '', ...flags]) => spawnSync(command, [...flags, 'true']).status === 0,
  );
  if (within === undefined) console.warn('`unshare` (Linux) is missing or not permitted here: one namespace for both.');
  const here = await startEmulator(['--tls'], { env });
  // Each starts where it cannot see the process of the one before.
  const there = await startEmulator(['--tls'], { env, within: within ?? [] });
  const third = await startEmulator([], { env });
  expect(await third.stop('SIGTERM')).toBe(0);
  for (const { exported } of [here, there])
    expect((await runApplication({ ...exported, REDIS_TLS: '1' })).stdout).toBe('OK\n');
  expect([await here.stop('SIGINT'), await there.stop('SIGINT')]).toEqual([0, 0]);
  expect(await readdir(parent)).toEqual([]);
});
