import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as redis4 from 'redis-4';
import { expect, test, vi } from 'vitest';
import { versions } from '../support/clients.ts';
import { clientId, World } from '../support/world.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const evaluations = 50;
const manager = { register: () => undefined } as never;

/** As a test runner that resets modules, or hot reload, does: each evaluation makes a provider and options, and is dropped. */
async function evaluate(): Promise<WeakRef<object>> {
  vi.resetModules();
  const { entraCredentials } = await import('../../src/index.ts');
  const { withEntra } = await import('../../src/v4.ts');
  const socket = { host: '127.0.0.1', port: 1 };
  redis4.createClient(withEntra(redis4, manager, { socket }));
  entraCredentials(manager);
  const { watchConnectedSockets } = await import('../../src/client/connected-socket.ts');
  return new WeakRef(watchConnectedSockets);
}

async function listenersOfNewSocket(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  const listeners = socket.listenerCount('connect');
  await once(socket, 'connect');
  socket.destroy();
  return listeners;
}

test(`of ${evaluations} evaluations of the package only the first is held, and a socket has one listener`, async () => {
  const world = await World.start();
  await evaluate();
  expect(await listenersOfNewSocket(world.cache.port)).toBe(1);
  const evaluated: WeakRef<object>[] = [];
  for (let i = 0; i < evaluations; i += 1) evaluated.push(await evaluate());
  vi.resetModules();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(evaluated.filter((module) => module.deref() !== undefined)).toEqual([]);
  expect(await listenersOfNewSocket(world.cache.port)).toBe(1);
});

test('a later evaluation finds the sockets of its clients by what the first one put in place', async () => {
  const world = await World.start();
  vi.resetModules();
  const { entraCredentials } = await import('../../src/index.ts');
  const [version] = versions.slice(-1) as [(typeof versions)[number]];
  const client = await world.connected(version, { credentialsProvider: entraCredentials(world.manager) });
  const id = await clientId(client);
  await world.renewFor();
  expect(await clientId(client)).toBe(id);
  expect(world.events.find(({ type }) => type === 'reauthenticated')).toMatchObject({
    connection: world.connectionIdentity,
  });
});
