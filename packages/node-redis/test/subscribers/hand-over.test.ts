import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { wait } from '../../src/timers.ts';
import { handOver } from '../../src/index.ts';
import { lanes, subscribed, turns } from '../support/subscribers.ts';
import { World } from '../support/world.ts';

vi.mock(import('../../src/timers.ts'), { spy: true });

/** Logins from the `nth` on have no answer until the returned function is called. */
function holdLogins(world: World, nth: number): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.verifier.hold = () => (world.verifier.presented.length >= nth ? released : undefined);
  return () => release();
}

const faultMet = (world: World): Promise<void> =>
  until(() => world.cache.timeline.entries.some(({ event }) => event === 'fault'));

const nobodyLeft = (world: World): Promise<void> => until(() => world.cache.connections.length === 0);

describe.each(lanes)('redis %s', (_name, create) => {
  test('reauth/hand-over-closed: a subscriber that is closed while its stand-in connects ends the hand-over', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    const release = holdLogins(world, 2);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 2);
    await subscriber.disconnect();
    expect(await handedOver).toBeUndefined();
    release();
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: closed before the socket of its stand-in connects', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    const handedOver = handOver(subscriber);
    await subscriber.disconnect();
    expect(await handedOver).toBeUndefined();
    await turns(20);
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: closed while it unsubscribes', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    world.cache.fault({ match: 'UNSUBSCRIBE', action: { kind: 'hang' } });
    const handedOver = handOver(subscriber);
    await faultMet(world);
    await subscriber.disconnect();
    expect(await handedOver).toBeUndefined();
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: closed while its AUTH has no answer', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    await world.renew();
    holdLogins(world, 3);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 3);
    await subscriber.disconnect();
    expect(await handedOver).toBeUndefined();
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: a stand-in that cannot log in stops trying when the subscriber is closed', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    const { presented } = world.verifier;
    world.verifier.refuse = () => true;
    const handedOver = handOver(subscriber);
    await world.pass(until(() => presented.length > 3));
    await subscriber.disconnect();
    expect(await handedOver).toBeUndefined();
    await world.pass(nobodyLeft(world));
    world.verifier.refuse = () => false;
    const tries = presented.length;
    await world.pass(turns(20));
    expect(presented).toHaveLength(tries);
  });

  test('reauth/hand-over-closed: a subscriber that gives up, of which no event tells, ends the hand-over', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world, { reconnectStrategy: false }));
    const [own] = world.cache.connections.map(({ id }) => id) as [number];
    world.cache.fault({ match: 'UNSUBSCRIBE', action: { kind: 'hang' } });
    const handedOver = handOver(subscriber);
    await faultMet(world);
    world.cache.cut([own]);
    expect(await handedOver).toBeUndefined();
    expect(subscriber.isOpen).toBe(false);
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: a subscriber that gives up while its stand-in connects ends the hand-over', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world, { reconnectStrategy: false }));
    const [own] = world.cache.connections.map(({ id }) => id) as [number];
    const release = holdLogins(world, 2);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 2);
    world.cache.cut([own]);
    await until(() => !subscriber.isOpen);
    release();
    expect(await handedOver).toBeUndefined();
    await nobodyLeft(world);
  });

  test('reauth/hand-over-closed: one that gave up during its AUTH has its subscriptions again when it connects', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world, { reconnectStrategy: false }));
    const [own] = world.cache.connections.map(({ id }) => id) as [number];
    await world.renew();
    const release = holdLogins(world, 3);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 3);
    world.cache.cut([own]);
    expect(await handedOver).toBeUndefined();
    release();
    await nobodyLeft(world);
    await subscriber.connect();
    const publisher = await subscribed(world, create(world));
    await publisher.unsubscribe('news');
    expect(await publisher.sendCommand(['PUBLISH', 'news', 'again'])).toBe(1);
  });

  test('reauth/hand-over: a stand-in that gives up meanwhile neither holds nor fails it', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world, { reconnectStrategy: false }));
    const [own] = world.cache.connections.map(({ id }) => id) as [number];
    await world.renew();
    const release = holdLogins(world, 3);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 3);
    world.cache.cut(world.cache.connections.map(({ id }) => id).filter((id) => id !== own));
    await until(() => world.cache.connections.length === 1);
    release();
    expect(await handedOver).toBeUndefined();
    expect(subscriber.isReady).toBe(true);
    expect(subscriber.isPubSubActive).toBe(true);
  });

  test('reauth/hand-over: the stand-in leaves its channels, and closes once the server has answered', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world));
    await subscriber.pSubscribe('n*', () => undefined);
    const own = new Set(world.cache.connections.map(({ id }) => id));
    // The subscriber's own two, then those of the stand-in.
    const leaving = { match: ['UNSUBSCRIBE', 'PUNSUBSCRIBE'], action: { kind: 'delay', delayMs: 20 } } as const;
    world.cache.fault({ ...leaving, times: 4 });
    await handOver(subscriber);
    await until(() => world.cache.connections.length === 1);
    const lastOfStandIn = world.cache.timeline.entries
      .filter(({ connection, event }) => !own.has(connection) && event !== 'fault')
      .map(({ event, args, text }) => `${event} ${args?.[0] ?? text}`.toLowerCase())
      .slice(-5);
    expect(lastOfStandIn.slice(0, -1).sort()).toEqual([
      ...['command punsubscribe', 'command unsubscribe'],
      ...['reply >punsubscribe 3', 'reply >unsubscribe 3'],
    ]);
    expect(lastOfStandIn.at(-1)).toBe('close by the client');
  });

  test('reauth/hand-over: sharded channels of different slots are handed over', async () => {
    // Only a cluster refuses a command whose channels are of different slots.
    const world = await World.start({ cluster: { masters: 1 } });
    const subscriber = await subscribed(world, create(world));
    const [own] = world.cache.connections.map(({ id }) => id) as [number];
    const channels = ['one', 'two', '{two}s'];
    const received: string[] = [];
    for (const channel of channels) await subscriber.sSubscribe(channel, (message) => received.push(message));
    await world.renew();
    await handOver(subscriber);
    await until(() => world.cache.connections.length === 1);
    expect(world.logins(own)).toHaveLength(2);
    const publisher = await subscribed(world, create(world));
    await publisher.unsubscribe('news');
    for (const channel of channels) {
      expect(await publisher.sendCommand(['SPUBLISH', channel, channel])).toBe(1);
    }
    await until(() => received.length === channels.length);
    expect(received).toEqual(channels);
  });

  test('reauth/hand-over: errors of a stand-in that cannot connect are told', async () => {
    const world = await World.start();
    const subscriber = await subscribed(world, create(world, { reconnectStrategy: false }));
    world.verifier.refuse = () => true;
    await expect(world.pass(handOver(subscriber))).rejects.toThrow(/WRONGPASS/);
    expect(subscriber.isReady).toBe(true);
    await until(() => world.cache.connections.length === 1);
  });

  test('reauth/hand-over: two subscribers at once do not wait for each other', async () => {
    const world = await World.start();
    const subscribers = await Promise.all([1, 2].map(() => subscribed(world, create(world))));
    await world.renew();
    // Whoever waited for the other would do so until a limit, which does not come here.
    const limit = vi.mocked(wait).mockReturnValue(new Promise(() => undefined));
    onTestFinished(() => void limit.mockReset());
    await Promise.all(subscribers.map(handOver));
    expect(limit).toHaveBeenCalled();
    expect(world.count('reauthenticated')).toBe(2);
  });
});
