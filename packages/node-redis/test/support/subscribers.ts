import * as redis4 from 'redis-4';
import { onTestFinished } from 'vitest';
import { withEntra } from '../../src/v4.ts';
import { type TestClient, title, versions } from './clients.ts';
import type { World } from './world.ts';

export type Create = (world: World, socket?: object) => TestClient;

/** RESP2 subscribers of every version. */
export const lanes: readonly (readonly [string, Create])[] = [
  ...versions
    .filter(({ RESP }) => RESP === 2)
    .map((version) => {
      const create: Create = (world, socket) => {
        const { host, port } = world.cache;
        return version.library.createClient(
          world.options(version, { socket: { host, port, reconnectStrategy: 1, ...socket } }),
        );
      };
      return [title(version), create] as const;
    }),
  [
    '4.7.1',
    (world, socket) => {
      const { host, port } = world.cache;
      const options = { socket: { host, port, reconnectStrategy: 1, ...socket } };
      return redis4.createClient(withEntra(redis4, world.manager, options)) as unknown as TestClient;
    },
  ],
];

export async function subscribed(world: World, client: TestClient): Promise<TestClient> {
  client.on('error', (error) => world.errors.push(error));
  onTestFinished(() => {
    if (client.isOpen) return client.disconnect();
  });
  await client.connect();
  await client.subscribe('news', () => undefined);
  return client;
}

/** No test can wait for a time-out that never comes. */
export const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};
