import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@entra-redis/test-support';
import { beforeEach, expect, test } from 'vitest';
import { emulate, runApplication, startEmulator } from '../support/emulator.ts';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

test('NODE_EXTRA_CA_CERTS is kept: ours is added in a file of our own', async () => {
  const company = join(folder, 'company.pem');
  await writeFile(company, '-----BEGIN CERTIFICATE-----\ncompany\n-----END CERTIFICATE-----');
  const env = { NODE_EXTRA_CA_CERTS: company };
  const emulator = await startEmulator(['--cache', 'fake'], { env });
  const file = emulator.exported['NODE_EXTRA_CA_CERTS'] ?? '';
  expect(file).not.toBe(company);
  expect(await readFile(file, 'utf8')).toMatch(/company\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----/);
  // In a terminal that has the environment already, and where that file has gone since.
  const second = await startEmulator(['--cache', 'fake'], {
    env: { ...emulator.exported, NODE_EXTRA_CA_CERTS: join(folder, 'gone.pem') },
  });
  expect(await readFile(second.exported['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8')).toContain('company');
  expect(await readFile(company, 'utf8')).toMatch(/company\n-----END CERTIFICATE-----$/);
});

test('--write-env has the environment, with the authority beside it, as long as the emulator runs', async () => {
  const file = join(folder, '.env.entra');
  const emulator = await startEmulator(['--cache', 'fake', '--tls', '--identity', 'workload', '--write-env', file]);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('# Made by entra-redis emulate.');
  expect(lines.slice(1)).toEqual(Object.entries(emulator.exported).map(([name, value]) => `${name}=${value}`));
  expect(emulator.exported).toMatchObject({
    NODE_EXTRA_CA_CERTS: `${file}.pem`,
    AZURE_FEDERATED_TOKEN_FILE: `${file}.jwt`,
  });
  expect((await runApplication({ ...emulator.exported, REDIS_TLS: '1' })).stdout).toBe('OK\n');
  await emulator.stop('SIGTERM');
  expect(await readdir(folder)).toEqual([]);
});

test('--write-env: files that another emulator has taken over stay', async () => {
  const file = join(folder, '.env.entra');
  const [first, second] = [
    await startEmulator(['--cache', 'fake', '--write-env', file]),
    await startEmulator(['--cache', 'fake', '--write-env', file]),
  ];
  await first.stop('SIGTERM');
  expect(await readFile(file, 'utf8')).toContain(`REDIS_PORT=${second.exported['REDIS_PORT']}\n`);
  expect(await readdir(folder)).toEqual(['.env.entra', '.env.entra.pem']);
  await second.stop('SIGTERM');
  expect(await readdir(folder)).toEqual([]);
});

test.each(['.env', '.env.pem', '.env.jwt'])("somebody else's %s is not written to", async (name) => {
  const file = join(folder, name);
  await writeFile(file, 'SECRET=1\n');
  const failed = await emulate(['--cache', 'fake', '--port', '0', '--write-env', join(folder, '.env')]);
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${file} exists already, and the emulator did not write it`),
  });
  expect(await readFile(file, 'utf8')).toBe('SECRET=1\n');
  expect(await readdir(folder)).toEqual([name]);
});
