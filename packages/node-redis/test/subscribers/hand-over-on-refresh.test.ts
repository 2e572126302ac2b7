import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { handOverOnRefresh } from '../../src/index.ts';
import type { TestClient } from '../support/clients.ts';
import { lanes, subscribed, turns } from '../support/subscribers.ts';
import { World } from '../support/world.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe.each(lanes)('redis %s', (_name, create) => {
  test('handOverOnRefresh(): stop() leaves nothing behind, and a former stop() no newer registration', async () => {
    const world = await World.start();
    const client = create(world) as TestClient & { listenerCount(event: string): number };
    const listeners = client.listenerCount('end');
    const former = handOverOnRefresh(client);
    former();
    expect(client.listenerCount('end')).toBe(listeners);
    const stop = handOverOnRefresh(client);
    expect(stop).not.toBe(former);
    former();
    expect(handOverOnRefresh(client)).toBe(stop);
  });

  test('handOverOnRefresh(): several subscribers get the token in one round, each by one stand-in', async () => {
    const world = await World.start({}, 60_000);
    const clients = [create(world), create(world), create(world)];
    for (const client of clients) handOverOnRefresh(await subscribed(world, client));
    const done = world.next('reauthenticated', clients.length);
    await world.renew();
    await world.pass(done);
    await until(() => world.cache.connections.length === clients.length);
    await world.clock.advance(60_000);
    await turns(5);
    // The logins, then for each a stand-in's and its own AUTH.
    expect(world.verifier.presented).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });

  test('handOverOnRefresh(): a client that gave up, of which no event tells, is not held', async () => {
    const world = await World.start();
    const comeAndGo = async (): Promise<WeakRef<object>> => {
      const client = create(world, { reconnectStrategy: false });
      client.on('error', () => undefined);
      await client.connect();
      handOverOnRefresh(client);
      const gaveUp = until(() => !client.isOpen);
      world.cache.cut();
      await gaveUp;
      return new WeakRef(client);
    };
    const gone = await comeAndGo();
    // What its socket leaves behind goes with the next turns.
    await until(() => {
      collectGarbage();
      return gone.deref() === undefined;
    });
    expect(world.manager.current).toBeDefined();
    await world.renew();
  });

  test('handOverOnRefresh(): a subscriber that the application does not hold is handed over', async () => {
    const world = await World.start();
    const comeAndGo = async (): Promise<void> => {
      const client = create(world);
      client.on('error', () => undefined);
      await client.connect();
      await client.subscribe('news', () => undefined);
      handOverOnRefresh(client);
    };
    await comeAndGo();
    await turns(5);
    collectGarbage();
    // Its own AUTH, and that of its stand-in's login.
    await world.renewFor();
    expect(world.verifier.presented).toEqual([1, 2, 2]);
  });
});
