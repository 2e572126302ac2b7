import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type * as Package from '@entra-redis/ioredis';
import * as ioredis from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isRedisClass } from '../../src/client/loaded-copies.ts';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, Identity } from '../support/world.ts';

const require = createRequire(import.meta.url);

test.each([
  [
    'throws where its export is read',
    {
      get: () => {
        throw new Error('not loaded');
      },
    },
  ],
  ['exports something else', { value: { default: Array } }],
  ['exports nothing', { value: undefined }],
])('a loaded file called Redis.js that %s is none of ioredis, and breaks nothing', (_, exports) => {
  const file = '/somewhere/Redis.js';
  require.cache[file] = Object.defineProperty({ id: file }, 'exports', exports) as NodeJS.Module;
  onTestFinished(() => void delete require.cache[file]);
  expect(withEntra(new Identity().manager, { host: 'localhost' })).toHaveProperty('password');
});

test('a test double in place of ioredis is left as it is', () => {
  expect(isRedisClass(ioredis.Redis)).toBe(true);
  const connect = Object.assign(() => {}, { mock: { calls: [] } });
  const Double = Object.assign(function Redis() {}, { Cluster: Array });
  Object.assign(Double.prototype as object, { connect, sendCommand: connect, silentEmit: connect });
  for (const double of [undefined, {}, Array, Double]) expect(isRedisClass(double)).toBe(false);
});

test('a copy of ioredis is found without getCallSites, which not every runtime has', async () => {
  vi.resetModules();
  const withoutCallSites = { ...process.getBuiltinModule('node:util'), getCallSites: undefined };
  vi.spyOn(process, 'getBuiltinModule').mockReturnValueOnce(withoutCallSites);
  onTestFinished(() => void vi.restoreAllMocks());
  const { runningCopy } = await import('../../src/client/loaded-copies.ts');
  let found: unknown;
  function Connector(): object {
    found = runningCopy();
    return { connect: () => Promise.reject(new Error('unused')), disconnect: () => {} };
  }
  closedAtEnd(new ioredis.Redis({ Connector: Connector as never, lazyConnect: true }));
  expect(found).toBe(ioredis.Redis);
});

test('life/evaluated-again: fifty evaluations of this package leave one set of hooks, and one evaluation', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const identity = new Identity();
  const cache = await cacheFor(identity);
  const file = require.resolve('@entra-redis/ioredis');
  const { Redis } = require('ioredis') as typeof ioredis;
  const evaluations: WeakRef<object>[] = [];
  const hooks = new Set<unknown>();
  const evaluate = async (): Promise<void> => {
    delete require.cache[file];
    // A `require` of its own: each keeps what it was asked for.
    const again = createRequire(import.meta.url)('@entra-redis/ioredis') as typeof Package;
    evaluations.push(new WeakRef(again.withEntra));
    const redis = new Redis(again.withEntra(identity.manager, addressOf(cache)));
    expect(await redis.ping()).toBe('PONG');
    hooks.add(Object.getOwnPropertyDescriptor(Redis.prototype, 'connect')?.value);
    redis.disconnect();
  };
  for (let i = 0; i < 50; i += 1) await evaluate();
  delete require.cache[file];
  await expect.poll(() => cache.connections.length).toBe(0);
  const alive = (): number => {
    collect();
    return evaluations.filter((each) => each.deref()).length;
  };
  await expect.poll(alive).toBeLessThanOrEqual(2);
  expect(hooks.size).toBe(1);
});

test('options of one evaluation log in where the hooks are another one’s', async () => {
  withEntra(new Identity().manager, {});
  vi.resetModules();
  const again = await import('../../src/index.ts');
  const identity = new Identity();
  const cache = await cacheFor(identity);
  const redis = closedAtEnd(new ioredis.Redis(again.withEntra(identity.manager, addressOf(cache))));
  expect(await redis.ping()).toBe('PONG');
  await identity.renewFor(1);
});
