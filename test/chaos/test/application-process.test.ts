import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { drivers } from '@entra-redis/conformance';
import { tokenUrlOf } from '@entra-redis/conformance/driver-kit';
import { startCache, startEntra } from '@entra-redis/emulator';
import { expect, onTestFinished, test } from 'vitest';
import type { ApplicationStart } from '../src/protocol.ts';

/** A run that has started its application and pauses it; tells the application's pid. */
const runOf = (start: ApplicationStart): string => `
  const { Child } = await import(${JSON.stringify(new URL('../src/run/application-process.ts', import.meta.url).href)});
  const child = new Child(() => undefined);
  child.send({ type: 'start', options: ${JSON.stringify(start)} });
  await child.next('started', 60_000);
  void child.pause(1000);
  console.log(child.pid);
  setInterval(() => undefined, 1000);`;

/** T: it is stopped; nothing: it is gone. */
const stateOf = (pid: string): string =>
  spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim().charAt(0).replace('Z', '');

test('an application whose run is killed while it is paused ends', async () => {
  const entra = await startEntra({ lifetimeMs: 6000 });
  onTestFinished(() => entra.close());
  const cache = await startCache({ verifier: entra.verifier });
  onTestFinished(() => cache.close());
  const { clientVersion } = drivers.find(({ name }) => name === 'node-redis') as (typeof drivers)[number];
  const program = runOf({
    client: `node-redis@${clientVersion}`,
    endpoint: { topology: 'standalone', host: cache.host, port: cache.port },
    tokenUrl: tokenUrlOf(entra),
    lifetimeMs: 6000,
    seed: 1,
    sabotage: false,
  });
  const run = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = (await once(run.stdout, 'data')) as [Buffer];
  const pid = told.toString().trim();
  onTestFinished(() => void spawnSync('kill', ['-KILL', pid]));
  await expect.poll(() => stateOf(pid)).toBe('T');
  run.kill('SIGKILL');
  await expect.poll(() => stateOf(pid), { timeout: 20_000 }).toBe('');
});
