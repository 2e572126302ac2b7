import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { type CacheServer, type EntraServer, startCache, startEntra } from '../../src/index.ts';

const run = promisify(execFile);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function start(
  options: { cluster?: { masters: number } } = {},
): Promise<{ entra: EntraServer; cache: CacheServer }> {
  const entra = await startEntra();
  const cache = await startCache({ verifier: entra.verifier, ...options });
  open.push(entra, cache);
  return { entra, cache };
}

/** What redis-cli prints for a command, logged in with a token; `flags` go before it. */
async function cli(
  { entra, cache }: Awaited<ReturnType<typeof start>>,
  flags: string[],
  command: string[],
): Promise<string> {
  const program = process.env['REDIS_CLI'];
  if (!program) throw new Error('No redis-cli: see internal/redis-server.');
  const { value: token, objectId } = await entra.issueToken();
  const address = ['-h', cache.host, '-p', String(cache.port), '--user', objectId, '--no-auth-warning'];
  const { stdout } = await run(program, [...address, ...flags, ...command], {
    env: { ...process.env, REDISCLI_AUTH: token },
  });
  return stdout.trim();
}

test.each([
  ['RESP2', '-2'],
  ['RESP3', '-3'],
])('redis-cli logs in, writes and reads over %s', async (_name, flag) => {
  const servers = await start();
  expect(await cli(servers, [flag], ['ACL', 'WHOAMI'])).toBe(servers.entra.objectId);
  expect(await cli(servers, [flag], ['SET', 'key', 'value'])).toBe('OK');
  expect(await cli(servers, [flag], ['GET', 'key'])).toBe('value');
});

test('redis-cli is told of a login that is missing, in Redis’ own words', async () => {
  const { cache } = await start();
  const program = process.env['REDIS_CLI'] ?? 'redis-cli';
  const { stdout } = await run(program, ['-h', cache.host, '-p', String(cache.port), 'GET', 'key']);
  expect(stdout.trim()).toBe('NOAUTH Authentication required.');
});

test('redis-cli -c follows MOVED through the nodes of a cluster', async () => {
  const servers = await start({ cluster: { masters: 3 } });
  for (const key of ['a', 'b', 'c', 'd']) {
    expect(await cli(servers, ['-c'], ['SET', key, `${key} value`])).toMatch(/OK$/);
    expect(await cli(servers, ['-c'], ['GET', key])).toContain(`${key} value`);
  }
});
