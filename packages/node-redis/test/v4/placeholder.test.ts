import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import * as redis4 from 'redis-4';
import { expect, onTestFinished, test } from 'vitest';
import { takeConnectedSocket } from '../../src/client/connected-socket.ts';
import { withEntra } from '../../src/v4.ts';
import { World } from '../support/world.ts';

const require = createRequire(import.meta.url);

/** As a package manager installs it beside another dependency. */
function anotherCopy(): typeof redis4 {
  for (const path of Object.keys(require.cache)) {
    if (/node_modules\/(@redis\/client|redis)\//.test(path)) Reflect.deleteProperty(require.cache, path);
  }
  return require('redis-4') as typeof redis4;
}

function options(world: World): redis4.RedisClientOptions & { username: string; password: string } {
  const { host, port } = world.cache;
  return withEntra(redis4, world.manager, { socket: { host, port, reconnectStrategy: 1 } });
}

/** What the client says, of the module that makes it, of the options that it was given. */
async function firstError(module: typeof redis4, given: redis4.RedisClientOptions): Promise<unknown> {
  const client = module.createClient(given);
  onTestFinished(() => (client.isOpen ? client.disconnect() : undefined));
  const error = new Promise((resolve) => client.once('error', resolve));
  client.on('error', () => undefined);
  return await Promise.race([error, client.connect().catch((reason: unknown) => reason)]);
}

const refused = {
  code: 'ERR_INVALID_OPTION',
  message: expect.stringMatching(/another copy of redis 4.*copied/),
};
const logins = (world: World): unknown[] =>
  world.cache.timeline.entries.filter(({ args }) => /^(AUTH|HELLO)$/.test(args?.[0] ?? ''));

test('connect/no-placeholder: a client of another copy of redis 4 logs in as nobody, and says why', async () => {
  const world = await World.start();
  expect(await firstError(anotherCopy(), options(world))).toMatchObject(refused);
  expect(logins(world)).toEqual([]);
});

test.each([
  ['by JSON', (given: object): object => JSON.parse(JSON.stringify(given)) as object],
  [
    'property by property',
    (given: object): object =>
      Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, typeof value === 'object' ? { ...value } : value]),
      ),
  ],
])('connect/no-placeholder: options that were copied %s log in as nobody, and the client says why', async (_, copy) => {
  const world = await World.start();
  expect(await firstError(redis4, copy(options(world)))).toMatchObject(refused);
  expect(await firstError(anotherCopy(), copy(options(world)))).toBeInstanceOf(Error);
  expect(logins(world)).toEqual([]);
});

test('connect/tls-required: on a socket that is not known no login is sent, and the client says why', async () => {
  const world = await World.start();
  const client = redis4.createClient(options(world));
  onTestFinished(() => (client.isOpen ? client.disconnect() : undefined));
  client.once('connect', takeConnectedSocket);
  const error = new Promise((resolve) => client.once('error', resolve));
  const connected = client.connect();
  expect(await error).toMatchObject({ code: 'ERR_PLAIN_TEXT' });
  await connected;
  expect(world.verifier.presented).toEqual([1]);
});

test('connect/no-placeholder: no text can be made of it', async () => {
  const { username, password } = options(await World.start());
  for (const value of [username, password] as unknown[]) {
    expect(() => String(value)).toThrow(expect.objectContaining(refused));
    expect(() => `${value as string}!`).toThrow(expect.objectContaining(refused));
  }
});

test('connect/no-placeholder: a copy by spread logs in, also of a client that is connected', async () => {
  const world = await World.start();
  const client = redis4.createClient({ ...options(world) });
  await client.connect();
  onTestFinished(() => client.disconnect());
  expect(await firstError(anotherCopy(), { ...client.options })).toMatchObject(refused);
  expect(inspect(client.options, { depth: 9 })).toContain('placeholder');
  expect(world.verifier.presented).toEqual([1]);
});
