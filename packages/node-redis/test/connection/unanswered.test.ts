import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { versions } from '../support/clients.ts';
import { turns } from '../support/subscribers.ts';
import { announcements, clientId, title, World } from '../support/world.ts';

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/unanswered: an AUTH that is never answered is given up, told, and its connection replaced', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    const announced = announcements();
    world.verifier.hold = (jti) => {
      if (jti !== 2) return undefined;
      world.verifier.hold = () => undefined;
      return new Promise(() => undefined);
    };
    const failed = world.next('reauthentication-failed');
    const back = new Promise<void>((resolve) => client.once('ready', () => resolve()));
    await world.renew();
    expect(await world.pass(failed)).toMatchObject({
      connection: world.connectionIdentity,
      error: { code: 'ERR_AUTH_FAILED', message: expect.stringContaining('no answer') },
    });
    await back;
    expect(announced).toEqual([{ connection: world.connectionIdentity, reason: 'unanswered' }]);
    expect(await clientId(client)).not.toBe(id);
    expect(world.verifier.presented).toEqual([1, 2, 2]);
  });

  test.each([
    ['BLPOP', ['BLPOP', 'jobs', '0']],
    ['XREAD BLOCK', ['XREAD', 'BLOCK', '0', 'STREAMS', 'jobs', '$']],
  ])('reauth/unanswered: behind %s an AUTH has time until the deadline', async (_command, args) => {
    const world = await World.start();
    const client = await world.connected(version);
    await client.ping();
    const announced = announcements();
    const lost = client.sendCommand(args).catch(() => 'lost');
    await until(() => world.cache.timeline.entries.some((entry) => entry.args?.[0] === args[0]));
    await world.renew();
    await turns(5);
    await world.clock.advance(120_000);
    await turns(5);
    expect(world.count('reauthentication-failed')).toBe(0);
    expect(announced).toEqual([]);
    await world.clock.advance(1_000_000);
    expect(await lost).toBe('lost');
    expect(announced).toEqual([{ connection: world.connectionIdentity, reason: 'blocked' }]);
    await until(() => client.isReady);
  });
});
