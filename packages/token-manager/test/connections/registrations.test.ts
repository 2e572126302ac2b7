import { expect, test } from 'vitest';
import { FakeConnection, logIn } from '../support/fake-connection.ts';
import { bench, minute } from '../support/bench.ts';

test('N3: a connection that reconnected 50 times gets one AUTH per refresh, not 51', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  for (let i = 0; i < 50; i += 1) {
    registration.disconnected();
    registration.authenticated(await world.manager.credentials());
  }
  await world.clock.advance(45 * minute);
  expect(connection.auths).toHaveLength(1);
});

test('N4: connections whose handshake failed, or that were released, get no AUTH at a refresh', async () => {
  const world = bench();
  const failed = new FakeConnection(() => world.clock.now());
  for (let i = 0; i < 20; i += 1) world.manager.register(failed).disconnected();
  const released = await logIn(world);
  const live = await logIn(world);
  released.registration.release();
  released.registration.authenticated(await world.manager.credentials());
  await world.clock.advance(45 * minute);
  expect([failed, released.connection, live.connection].map(({ auths }) => auths.length)).toEqual([0, 0, 1]);
});

test('N21: when the last connection is released the token stays in hand, and goes on being renewed', async () => {
  const world = bench();
  const first = await logIn(world);
  first.registration.release();
  const second = await logIn(world);
  expect(world.provider.requests).toHaveLength(1);
  second.registration.release();
  await world.clock.advance(45 * minute);
  expect(world.manager.current).toBeDefined();
  expect(world.provider.requests).toHaveLength(2);
});
