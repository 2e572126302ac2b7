import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import type { TestClient } from '../support/clients.ts';
import { versions } from '../support/clients.ts';
import { turns } from '../support/subscribers.ts';
import { title, World } from '../support/world.ts';

const stops: readonly (readonly [string, (client: TestClient) => unknown])[] = [
  ['close()', (client) => client.close()],
  ['destroy()', (client) => client.destroy()],
];

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test.each(stops)('life/close: %s while it reconnects, and then of the manager, is silent', async (_how, stop) => {
    const world = await World.start();
    const client = await world.connected(version);
    const stopped = new Promise<void>((resolve) => {
      client.once('reconnecting', () => {
        // The client has begun to connect by then, and the socket is not there yet.
        process.nextTick(() => {
          stop(client);
          world.manager.close();
          resolve();
        });
      });
    });
    world.cache.cut();
    await stopped;
    const before = world.errors.length;
    await until(() =>
      world.cache.timeline.entries.some(({ event, connection }) => event === 'close' && connection > 1),
    );
    await turns(5);
    expect(world.errors.slice(before)).toEqual([]);
    expect(client.isOpen).toBe(false);
  });

  test.each([
    ['close()', (client: TestClient) => client.close()],
    ['quit()', (client: TestClient) => client.quit()],
  ])(
    'life/close: %s as another client connects, with replies to come, leaves that one its own socket',
    async (_how, stop) => {
      const world = await World.start();
      const former = await world.connected(version);
      const client = world.client(version);
      const stopped: Promise<unknown>[] = [];
      client.once('connect', () => void stopped.push(former.ping(), Promise.resolve(stop(former))));
      await client.connect();
      await Promise.all(stopped);
      await world.renewFor();
      expect(await client.ping()).toBe('PONG');
      expect(world.verifier.presented).toEqual([1, 1, 2]);
    },
  );

  test('life/close-manager: a client that is still open says that the manager is closed', async () => {
    const world = await World.start();
    await world.connected(version);
    world.manager.close();
    world.cache.cut();
    await until(() => world.errors.length >= 2);
    expect(world.errors).toContainEqual(expect.objectContaining({ code: 'ERR_MANAGER_CLOSED' }));
  });
});
