import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { ApplicationEvent } from '@entra-redis/conformance';
import { collectGarbage } from '@entra-redis/conformance/driver-kit';
import { adapterDrivers } from '@entra-redis/conformance/adapter-drivers';
import { type CacheServer, startCache } from '@entra-redis/emulator';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import { ScriptedProvider, TestClock } from '@entra-redis/token-manager/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WatchedManager } from './watched-manager.ts';

/** Of the tokens, on the virtual clock: a short one has few heartbeats in it. */
const lifetimeMs = 60_000;
/** What a heap that does not grow differs by from one look to the next: compiled code, caches of the runtime. */
const noiseBytes = 1.5 * 1024 * 1024;

const clients = adapterDrivers()
  .filter(
    ({ clientVersion, name }) =>
      clientVersion.startsWith('6') || (name === 'node-redis' && clientVersion.startsWith('4')),
  )
  .map(({ name, clientVersion }) => ({ client: `${name}@${clientVersion}` }));

/** What must not grow. */
interface Look {
  readonly heap: number;
  readonly listeners: number;
  readonly registrations: number;
  readonly sockets: number;
}

/** Connected clients of one application on a virtual clock, in front of a cache that accepts every token. */
class World {
  readonly clock: TestClock = new TestClock(Date.now());
  readonly provider: ScriptedProvider = new ScriptedProvider(this.clock, { lifetimeMs });
  readonly watched: WatchedManager;
  readonly cache: CacheServer;
  readonly #sockets: Socket[] = [];
  readonly #events: ApplicationEvent[];

  private constructor(cache: CacheServer, watched: (world: World) => WatchedManager, events: ApplicationEvent[]) {
    this.cache = cache;
    this.watched = watched(this);
    this.#events = events;
    const collect = (message: unknown): void => void this.#sockets.push((message as { socket: Socket }).socket);
    subscribe('net.client.socket', collect);
    onTestFinished(() => void unsubscribe('net.client.socket', collect));
  }

  static async start(client: string, count: number): Promise<World> {
    const verify = (username: string) => ({ ok: true as const, objectId: username, expiresAt: Date.now() + 3_600_000 });
    const cache = await startCache({ verifier: { verify }, record: 'logins' });
    const events: ApplicationEvent[] = [];
    const options = { reauthWindowMs: 0, refresh: { jitterRatio: 0 } };
    const world: World = new World(
      cache,
      ({ provider, clock }) => new WatchedManager(createTokenManager(provider, { ...options, clock })),
      events,
    );
    const decorate = (): TokenManager => world.watched.manager;
    const driver = adapterDrivers({ decorate }).find(
      ({ name, clientVersion }) => client === `${name}@${clientVersion}`,
    );
    if (driver === undefined) throw new RangeError(client);
    const application = await driver.start({ tokenUrl: '', lifetimeMs });
    world.#events.push(...application.events);
    world.forget = () => {
      (application.events as ApplicationEvent[]).length = 0;
      world.provider.requests.length = 0;
      cache.timeline.clear();
    };
    const { host, port } = cache;
    for (let index = 0; index < count; index += 1) {
      const session = await application.open({ topology: 'standalone', host, port }, { resp: driver.resp.at(-1) ?? 2 });
      onTestFinished(() => session.close());
      await session.ready();
    }
    onTestFinished(async () => {
      await application.close();
      await cache.close();
    });
    return world;
  }

  /** Forgets what the test itself has written down. */
  forget: () => void = () => undefined;

  async look(): Promise<Look> {
    this.forget();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    const open = this.#sockets.filter((socket) => !socket.destroyed);
    this.#sockets.splice(0, Infinity, ...open);
    const emitters = [...open, process];
    const count = (emitter: NodeJS.EventEmitter): number =>
      emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
    return {
      heap: process.memoryUsage().heapUsed,
      listeners: emitters.reduce((sum, emitter) => sum + count(emitter), 0),
      registrations: this.watched.registrations,
      sockets: open.length,
    };
  }
}

describe.each(clients)('$client', ({ client }) => {
  test('10,000 rotations leave heap, listeners and registrations as they were', { timeout: 240_000 }, async () => {
    const world = await World.start(client, 2);
    let reauthenticated = 0;
    world.watched.manager.subscribe(({ type }) => (reauthenticated += type === 'reauthenticated' ? 1 : 0));
    const rotate = async (times: number): Promise<void> => {
      for (let round = 0; round < times; round += 1) {
        world.forget();
        await world.clock.advance(lifetimeMs * 0.7 + 1);
        expect(world.provider.requests).toHaveLength(1);
        await settled(() => reauthenticated === 2);
        reauthenticated = 0;
      }
    };
    await rotate(2000);
    const before = await world.look();
    await rotate(8000);
    await expectAsBefore(world, before);
  });

  test('1,000 reconnects leave heap, listeners and registrations as they were', { timeout: 120_000 }, async () => {
    const connections = 20;
    const world = await World.start(client, connections);
    const reconnect = async (times: number): Promise<void> => {
      for (let round = 0; round < times; round += 1) {
        const { watched, cache } = world;
        const registered = watched.registered + connections;
        cache.cut();
        await settled(() => watched.registered === registered && watched.registrations === connections);
      }
    };
    await reconnect(10);
    const before = await world.look();
    await reconnect(50);
    await expectAsBefore(world, before);
  });
});

/** The timers of clients, 5 s for each command of node-redis 6, keep what they are for until they fire. */
async function expectAsBefore(world: World, before: Look): Promise<void> {
  const growth = async (): Promise<number> => (await world.look()).heap - before.heap;
  await expect.poll(growth, { timeout: 20_000, interval: 500 }).toBeLessThan(noiseBytes);
  expect({ ...(await world.look()), heap: 0 }).toEqual({ ...before, heap: 0 });
}

/** Lets the event loop turn until it is so. */
async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
