import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { addressOf, cacheFor, Identity, objectId } from './support/world.ts';

const run = promisify(execFile);
const cwd = new URL('..', import.meta.url);

/** Runs a program with the built package and a token for `cache`; resolves with what it printed when it exits by itself. */
async function program(type: 'module' | 'commonjs', code: string): Promise<string> {
  const identity = new Identity();
  const cache = await cacheFor(identity);
  const { value, expiresAt } = identity.issue();
  const token = JSON.stringify({ value, expiresAt, obtainedAt: Date.now() });
  const env = { ...process.env, TOKEN: token, CACHE: JSON.stringify(addressOf(cache)), OBJECT_ID: objectId };
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, '--eval', code], {
    cwd,
    env,
    timeout: 20_000,
  });
  return stdout.trim();
}

const manager = 'createTokenManager({ requestToken: async () => JSON.parse(process.env.TOKEN) })';
const options = `withEntra(${manager}, JSON.parse(process.env.CACHE))`;

test('reauth/close-unsubscribes: after quit() the process exits, though the manager is open', async () => {
  const code = `
    import { Redis } from 'ioredis';
    import { createTokenManager } from '@entra-redis/token-manager';
    import { withEntra } from '@entra-redis/ioredis';
    const redis = new Redis(${options});
    console.log(await redis.ping());
    await redis.quit();`;
  expect(await program('module', code)).toBe('PONG');
});

test('connect/disconnect-while-waiting: the process exits', async () => {
  const code = `
    import { Redis } from 'ioredis';
    import { createTokenManager } from '@entra-redis/token-manager';
    import { withEntra } from '@entra-redis/ioredis';
    const manager = createTokenManager({ requestToken: () => new Promise(() => {}) });
    const redis = new Redis(withEntra(manager, JSON.parse(process.env.CACHE)));
    setTimeout(() => redis.disconnect(), 1);
    redis.once('end', () => console.log('end'));`;
  expect(await program('module', code)).toBe('end');
});

test('connect/waits-for-first-token: a process with nothing else to do stays until the token is there', async () => {
  const code = `
    import { Redis } from 'ioredis';
    import { createTokenManager } from '@entra-redis/token-manager';
    import { withEntra } from '@entra-redis/ioredis';
    const late = new Promise((resolve) => setTimeout(resolve, 20, JSON.parse(process.env.TOKEN)).unref());
    const redis = new Redis(withEntra(createTokenManager({ requestToken: () => late }), JSON.parse(process.env.CACHE)));
    console.log(await redis.ping());
    redis.disconnect();`;
  expect(await program('module', code)).toBe('PONG');
});

test.each(['ioredis', 'ioredis-5', 'ioredis-5-oldest', 'iovalkey'])(
  'a CommonJS program with another copy of ioredis: %s, loaded late',
  async (name) => {
    const code = `
      const { createTokenManager } = require('@entra-redis/token-manager');
      const { withEntra } = require('@entra-redis/ioredis');
      const options = ${options};
      const { Redis } = require('${name}');
      const redis = new Redis(options);
      const duplicate = redis.duplicate();
      Promise.all([redis.ping(), duplicate.acl('WHOAMI')]).then(([pong, name]) => {
        console.log(pong, name === process.env.OBJECT_ID);
        redis.disconnect();
        duplicate.disconnect();
      });`;
    expect(await program('commonjs', code)).toBe('PONG true');
  },
);

test('the ES module and the CommonJS module of this package serve the same copy of ioredis', async () => {
  const code = `
    import { createRequire } from 'node:module';
    import { Redis } from 'ioredis';
    import { createTokenManager } from '@entra-redis/token-manager';
    import { withEntra } from '@entra-redis/ioredis';
    const fromRequire = createRequire(process.cwd() + '/')('@entra-redis/ioredis');
    const cache = JSON.parse(process.env.CACHE);
    const clients = [withEntra, fromRequire.withEntra].map((make) => new Redis(make(${manager}, cache)));
    console.log(withEntra === fromRequire.withEntra, await Promise.all(clients.map((client) => client.ping())));
    for (const client of clients) client.disconnect();`;
  expect(await program('module', code)).toBe("false [ 'PONG', 'PONG' ]");
});

test('a copy of ioredis that no file is known of is refused, with what to do', async () => {
  const file = JSON.stringify(createRequire(import.meta.url).resolve('ioredis-5'));
  const code = `
    const Module = require('module');
    const { createTokenManager } = require('@entra-redis/token-manager');
    const { withEntra, attach } = require('@entra-redis/ioredis');
    const { Redis } = require(${file});
    for (const name of Object.keys(require.cache)) if (name.includes('ioredis@5')) delete require.cache[name];
    const manager = ${manager};
    const options = withEntra(manager, JSON.parse(process.env.CACHE));
    const refused = new Redis(options);
    refused.once('error', ({ code, message }) => {
      console.log(code, message.includes('attach(manager, client)'));
      const attached = new Redis(options);
      attach(manager, attached);
      attached.ping().then((pong) => {
        console.log(pong);
        attached.disconnect();
      });
    });`;
  expect(await program('commonjs', code)).toBe('ERR_INVALID_OPTION true\nPONG');
});
