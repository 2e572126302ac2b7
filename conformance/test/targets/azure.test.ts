import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCertificateAuthority, startCache, startEntra } from '@entra-redis/emulator';
import { expect, onTestFinished, test } from 'vitest';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const args = [cli, '--target', 'azure', '--driver', 'ioredis@6,node-redis@6'];

const run = async (env: Record<string, string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return stdout;
};

test('the target azure takes endpoint and identity from the environment: here, those of the emulator', {
  timeout: 90_000,
}, async () => {
  // Managed identities get a new token in the last five minutes of the old one only.
  const entra = await startEntra({ lifetimeMs: 240_000 });
  onTestFinished(() => entra.close());
  const tls = await (await createCertificateAuthority()).issue(['localhost']);
  const cache = await startCache({ verifier: entra.verifier, tls });
  onTestFinished(() => cache.close());
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, `${entra.ca}\n${tls.ca}`);
  const endpoint = `localhost:${cache.port}`;
  const identity = { ...entra.env, AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' };
  const stdout = await run({ ...identity, NODE_EXTRA_CA_CERTS: ca, AZURE_REDIS_ENDPOINT: endpoint });
  expect(stdout.match(/^pass +life\/azure/gm), stdout).toHaveLength(4);
  // It is asked for tokens again and again, and gets new ones.
  expect(new Set(cache.timeline.entries.flatMap(({ login }) => login?.token ?? [])).size).toBeGreaterThan(3);
});

test('without the environment it is reported as not run, and says what to set', { timeout: 30_000 }, async () => {
  const stdout = await run({});
  expect(stdout).toMatch(/could-not-run +life\/azure[^\n]*\n +No cache on Azure: set AZURE_REDIS_ENDPOINT/);
  expect(stdout).toContain('4 could-not-run');
});
