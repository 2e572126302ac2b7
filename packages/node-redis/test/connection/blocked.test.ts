import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { versions } from '../support/clients.ts';
import { announcements, clientId, title, World } from '../support/world.ts';

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/blocked: one newest AUTH when it unblocks, others AUTH at once', async () => {
    const world = await World.start();
    const blocked = await world.connected(version);
    const other = await world.connected(version);
    const id = await clientId(blocked);
    const popped = blocked.sendCommand(['BLPOP', 'queue', '0']);
    await world.blocked();
    await world.renewFor();
    const done = world.next('reauthenticated');
    await other.sendCommand(['RPUSH', 'queue', 'job']);
    expect(await popped).toEqual(['queue', 'job']);
    await done;
    expect(await clientId(blocked)).toBe(id);
    expect(world.verifier.presented).toEqual([1, 1, 2, 2]);
  });

  test('reauth/blocked: a planned reconnect before expiry, after which the command can be sent again', async () => {
    const world = await World.start();
    const blocked = await world.connected(version);
    const other = await world.connected(version);
    const popped = blocked.sendCommand(['BLPOP', 'queue', '0']);
    await world.blocked();
    await world.renewFor();
    const announced = announcements();
    const back = new Promise<void>((resolve) => blocked.once('ready', () => resolve()));
    const failed = popped.catch((error: Error) => error.message);
    await world.clock.advance(1_000_000);
    expect(await failed).toMatch(/closed/i);
    await back;
    expect(announced).toEqual([{ connection: world.connectionIdentity, reason: 'blocked' }]);
    const again = blocked.sendCommand(['BLPOP', 'queue', '0']);
    await other.sendCommand(['RPUSH', 'queue', 'job']);
    expect(await again).toEqual(['queue', 'job']);
    expect(new Set(world.verifier.presented.slice(2))).toEqual(new Set([2]));
  });

  test('reauth/lost: a full queue is tried again before expiry', async () => {
    const world = await World.start();
    const full = await world.connected(version, { commandsQueueMaxLength: 10 });
    const other = await world.connected(version);
    const replies = [full.sendCommand(['BLPOP', 'queue', '0']), ...Array.from({ length: 9 }, () => full.ping())];
    await world.blocked();
    const failed = world.next('reauthentication-failed');
    await world.renew();
    expect(await failed).toMatchObject({ error: { code: 'ERR_AUTH_FAILED', message: expect.stringMatching(/full/) } });
    await other.sendCommand(['RPUSH', 'queue', 'job']);
    await Promise.all(replies);
    await world.pass(world.next('reauthenticated'));
    expect(await full.ping()).toBe('PONG');
  });

  test('reauth/lost: a cache that is loading is tried again', async () => {
    const world = await World.start();
    await world.connected(version);
    world.cache.fault({ match: 'AUTH', action: { kind: 'error', message: 'LOADING Redis is loading the dataset' } });
    const done = world.next('reauthenticated');
    await world.renew();
    await world.pass(done);
    expect(world.count('reauthentication-failed')).toBe(1);
    expect(world.identity.requests).toHaveLength(2);
  });

  test('reauth/offline-queue-off: no error, the next connect has the new token', async () => {
    const world = await World.start();
    const client = await world.connected(version, { disableOfflineQueue: true });
    await world.outage(async () => {
      await until(() => !client.isReady);
      await world.renew();
    });
    await until(() => client.isReady);
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
    expect(world.count('reauthentication-failed')).toBe(0);
  });

  test('reauth/monitor: no stray reply, a planned reconnect that goes on monitoring', async () => {
    const world = await World.start();
    const monitor = await world.connected(version);
    const other = await world.connected(version);
    const lines: string[] = [];
    await monitor.monitor((line) => lines.push(String(line)));
    const announced = announcements();
    await world.renewFor();
    const back = new Promise<void>((resolve) => monitor.once('ready', () => resolve()));
    await world.clock.advance(1_000_000);
    await back;
    await other.sendCommand(['SET', 'seen', 'yes']);
    await until(() => lines.some((line) => line.includes('seen')));
    expect(lines.filter((line) => !line.includes('"'))).toEqual([]);
    expect(announced).toEqual([{ connection: world.connectionIdentity, reason: 'monitor' }]);
    expect(world.verifier.presented).toEqual([1, 1, 2, 2]);
  });
});
