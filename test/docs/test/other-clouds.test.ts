import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Connection, createTokenManager, type IdentityProvider } from '@entra-redis/token-manager';
import { TestClock } from '@entra-redis/token-manager/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startElasticache } from '../src/elasticache.ts';
import { blocksOf } from '../src/markdown.ts';

const minute = 60_000;
const hour = 60 * minute;
const recipes = blocksOf('docs/other-clouds.md').filter(({ words }) => words.has('id'));

test('each recipe is short', () => {
  for (const { text } of recipes) expect(text.trim().split('\n').length).toBeLessThanOrEqual(20);
});

const open = { requests: 0 };

/** The provider of the page, as a module of its own beside the libraries that it imports; `open` counts its requests. */
async function elasticacheOfThePage(): Promise<IdentityProvider> {
  const provider = await importedFromThePage();
  return {
    async requestToken(options) {
      open.requests += 1;
      try {
        return await provider.requestToken(options);
      } finally {
        open.requests -= 1;
      }
    },
  };
}

async function importedFromThePage(): Promise<IdentityProvider> {
  const recipe = recipes.find(({ words }) => words.get('id') === 'elasticache')?.text ?? '';
  const file = fileURLToPath(new URL(`../elasticache-recipe-${randomUUID()}.out.ts`, import.meta.url));
  writeFileSync(file, `${recipe}\nexport { elasticache };\n`);
  try {
    return ((await import(pathToFileURL(file).href)) as { elasticache: IdentityProvider }).elasticache;
  } finally {
    rmSync(file);
  }
}

const clock = new TestClock();
const cloud = await startElasticache(() => clock.now());
const userId = 'my-user';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(clock.now());
  for (const [name, value] of Object.entries(cloud.env)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** The clock stands still while a token is being signed. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= minute) {
    await clock.advance(minute);
    vi.setSystemTime(clock.now());
    if (open.requests === 0) continue;
    while (open.requests > 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(0);
  }
}

test('ElastiCache: a connection stays logged in for two days, and no AUTH has a token older than 15 minutes', async () => {
  const manager = createTokenManager(await elasticacheOfThePage(), { username: userId, clock });
  const validUntil: number[] = [];
  const connection: Connection = {
    identity: { client: 'test' },
    canAuthenticate: () => true,
    async authenticate({ username, password }) {
      const verdict = await cloud.verifier.verify(username, password);
      if (!verdict.ok) throw new Error(`WRONGPASS ${verdict.reason}`);
      validUntil.push(verdict.expiresAt);
    },
  };
  const registration = manager.register(connection);
  const first = await manager.credentials();
  await connection.authenticate(first);
  registration.authenticated(first);
  const failures: string[] = [];
  manager.subscribe((event) => 'error' in event && failures.push(event.error.message));

  await pass(48 * hour);

  expect(failures).toEqual([]);
  expect(validUntil.at(-1)).toBeGreaterThan(clock.now() + 11 * hour);
  expect(validUntil.length).toBeGreaterThan(48 * 4);
  manager.close();
});

test('the stand-in of ElastiCache refuses what ElastiCache refuses', async () => {
  const provider = await elasticacheOfThePage();
  const { value } = await provider.requestToken({ signal: AbortSignal.timeout(10_000), force: false });
  const verdict = (username: string, token: string): unknown => cloud.verifier.verify(username, token);
  expect(value).toMatch(/^my-cache\/\?Action=connect&User=my-user&X-Amz-/);
  expect(verdict(userId, value)).toMatchObject({ ok: true, expiresAt: clock.now() + 12 * hour });
  const refused = (reason: string): object => ({ ok: false, reason });
  expect(verdict('somebody', value)).toEqual(refused('another user'));
  expect(verdict('somebody', value.replace('my-user', 'somebody'))).toEqual(refused('another user'));
  expect(
    verdict(
      userId,
      value.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    ),
  ).toEqual(refused('the signature is wrong'));
  expect(verdict(userId, `https://${value}`)).toEqual(refused('another request'));
  expect(verdict(userId, value.replace('X-Amz-Expires=900', 'X-Amz-Expires=86400'))).toEqual(
    refused('not for at most 15 minutes'),
  );
  await pass(15 * minute);
  expect(verdict(userId, value)).toEqual(refused('expired, or of the future'));
});
