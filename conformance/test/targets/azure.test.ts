import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type CacheServer,
  createCertificateAuthority,
  type EntraServer,
  startCache,
  startEntra,
} from '@entra-redis/emulator';
import { expect, onTestFinished, test } from 'vitest';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const args = [cli, '--target', 'azure', '--driver', 'ioredis@6,node-redis@6'];
const path = process.env['PATH'] ?? '';

/** What it prints, however it ends. */
const run = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const ended = promisify(execFile)(process.execPath, args, { env: { PATH: path, ...env } });
  const { stdout } = await ended.catch((error: unknown) => error as { readonly stdout: string });
  return stdout;
};

interface Cloud {
  readonly entra: EntraServer;
  readonly cache: CacheServer;
  readonly folder: string;
  /** How the target finds both; the identity comes on top. */
  readonly env: Readonly<Record<string, string>>;
}

async function startCloud(lifetimeMs: number): Promise<Cloud> {
  const entra = await startEntra({ lifetimeMs });
  onTestFinished(() => entra.close());
  const tls = await (await createCertificateAuthority()).issue(['localhost']);
  const cache = await startCache({ verifier: entra.verifier, tls });
  onTestFinished(() => cache.close());
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, `${entra.ca}\n${tls.ca}`);
  const endpoint = `localhost:${cache.port}`;
  return { entra, cache, folder, env: { ...entra.env, NODE_EXTRA_CA_CERTS: ca, AZURE_REDIS_ENDPOINT: endpoint } };
}

/** A PATH on which `az` is this shell script. */
async function pathWithAz(folder: string, script: string): Promise<string> {
  const file = join(folder, 'az');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return `${folder}${delimiter}${path}`;
}

/** The tokens of each connection's logins. */
function loginsOf({ timeline }: CacheServer): string[][] {
  const tokens = new Map<number, string[]>();
  for (const { connection, login } of timeline.landmarks)
    if (login !== undefined) tokens.set(connection, [...(tokens.get(connection) ?? []), login.token]);
  return [...tokens.values()];
}

test('an identity that honours claims, here a service principal: it is asked for tokens again and again, and gets new ones', {
  timeout: 90_000,
}, async () => {
  const { cache, env } = await startCloud(3_600_000);
  const stdout = await run({ ...env, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' });
  expect(stdout.match(/^pass +life\/azure/gm), stdout).toHaveLength(4);
  expect(new Set(loginsOf(cache).flat()).size).toBeGreaterThan(3 * 4);
  // The session, its copy and the worker of four cases; the last refresh may be under way.
  expect(loginsOf(cache).filter((tokens) => new Set(tokens).size > 2).length).toBeGreaterThanOrEqual(3 * 4);
});

test('a managed identity, which answers the same token: its connections take it again', {
  timeout: 90_000,
}, async () => {
  const { entra, cache, env } = await startCloud(3_600_000);
  // As on a busy machine: were there a second request at the start, its token would come when the first is in use.
  entra.fail({ kind: 'delay', delayMs: 1 });
  entra.fail({ kind: 'delay', delayMs: 1500 });
  const stdout = await run({ ...env, AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' });
  expect(stdout.match(/^pass +life\/azure/gm), stdout).toHaveLength(4);
  const again = loginsOf(cache).filter((tokens) => tokens.length > 3);
  expect(again.length).toBeGreaterThanOrEqual(3 * 4);
  for (const tokens of again) expect(new Set(tokens).size).toBe(1);
});

test('the Azure CLI, which rejects claims and answers from its cache', { timeout: 90_000 }, async () => {
  const { entra, cache, folder, env } = await startCloud(3_600_000);
  const { value: accessToken, expiresAt } = await entra.issueToken();
  const told = { accessToken, expires_on: Math.floor(expiresAt / 1000), tokenType: 'Bearer' };
  const PATH = await pathWithAz(folder, `echo '${JSON.stringify(told)}'`);
  const stdout = await run({ ...env, PATH, AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' });
  expect(stdout.match(/^pass +life\/azure/gm), stdout).toHaveLength(4);
  expect(new Set(loginsOf(cache).flat()).size).toBe(1);
  expect(loginsOf(cache).filter((tokens) => tokens.length > 3).length).toBeGreaterThanOrEqual(3 * 4);
});

test('an identity without a token fails, and says why', { timeout: 30_000 }, async () => {
  const { folder, env } = await startCloud(3_600_000);
  const PATH = await pathWithAz(folder, 'echo "Please run az login to setup account." >&2; exit 1');
  const stdout = await run({ ...env, PATH, AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' });
  expect(stdout).toMatch(/^fail +life\/azure[^\n]*\n[^]*az login/m);
  expect(stdout).toContain('4 fail');
});

test('without the environment it is reported as not run, and says what to set', { timeout: 30_000 }, async () => {
  const stdout = await run({});
  expect(stdout).toMatch(/could-not-run +life\/azure[^\n]*\n +No cache on Azure: set AZURE_REDIS_ENDPOINT/);
  expect(stdout).toContain('4 could-not-run');
});
