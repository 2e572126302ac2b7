import { expect, test } from 'vitest';
import type { Connection } from '../src/index.ts';
import { bench, minute } from './support.ts';

function counting(): { connection: Connection; sent: () => number } {
  let sent = 0;
  const connection: Connection = {
    identity: { client: 'test' },
    canAuthenticate: () => true,
    authenticate: async () => {
      sent += 1;
    },
  };
  return { connection, sent: () => sent };
}

test('N3: a connection that reconnected 50 times gets one AUTH per refresh, not 51', async () => {
  const { clock, manager } = bench();
  const { connection, sent } = counting();
  const registration = manager.register(connection);
  for (let i = 0; i < 50; i += 1) {
    registration.authenticated(await manager.credentials());
    registration.disconnected();
  }
  registration.authenticated(await manager.credentials());
  await clock.advance(45 * minute);
  expect(sent()).toBe(1);
});

test('N4: connections whose handshake failed, or that were released, get no AUTH at a refresh', async () => {
  const { clock, manager } = bench();
  const failed = counting();
  const released = counting();
  const live = counting();
  for (let i = 0; i < 20; i += 1) manager.register(failed.connection).disconnected();
  const registration = manager.register(released.connection);
  const first = await manager.credentials();
  registration.authenticated(first);
  manager.register(live.connection).authenticated(first);
  registration.release();
  registration.authenticated(first);
  await clock.advance(45 * minute);
  expect([failed.sent(), released.sent(), live.sent()]).toEqual([0, 0, 1]);
});
