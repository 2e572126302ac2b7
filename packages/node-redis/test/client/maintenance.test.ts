import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkOptions } from '../../src/index.ts';
import { title, type Version, versions } from '../support/clients.ts';
import { clientId, reconnect, World } from '../support/world.ts';

/** Those that ask for notifications unless told otherwise. */
const asking = versions.filter(({ name, RESP }) => RESP === 3 && name !== '5.0.0');

/** Announces that the address moves; returns how many connections asked to be told. */
const announceMove = async (world: World): Promise<number> =>
  world.cache.maintain({ kind: 'moving', timeSeconds: 60, to: await world.cache.addAddress() });

/** Logs in as its user alone would. */
async function withPassword(world: World, version: Version): ReturnType<World['connected']> {
  const { username, password } = await world.manager.credentials();
  return world.connected(version, { username, password, credentialsProvider: undefined });
}

describe.each(asking.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('topology/maintenance-move: nobody asks to be told, also after RESET, and the client goes on after the cut', async () => {
    const world = await World.start();
    const warnings: unknown[] = [];
    const note = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const client = await world.connected(version);
    expect(await announceMove(world)).toBe(0);
    await client.reset();
    expect(await announceMove(world)).toBe(0);
    const id = await clientId(client);
    await world.renewFor();
    expect(await clientId(client)).toBe(id);
    await reconnect(world, client);
    await world.renewFor();
    expect(await client.ping()).toBe('PONG');
    expect(warnings).toEqual([]);
  });

  test("maintNotifications: 'enabled' is refused, by the options and by the connection", async () => {
    const world = await World.start();
    const { host, port } = world.cache;
    const options = { maintNotifications: 'enabled', socket: { host, port, reconnectStrategy: false } };
    expect(() => checkOptions({ ...options, credentialsProvider: world.provider })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('maintNotifications') }),
    );
    await expect(world.client(version, options).connect()).rejects.toThrow(/maintNotifications: must be 'disabled'/);
  });

  test('node-redis itself, with a password: its next disconnect is its last. Where this fails, take the refusal out', async () => {
    const world = await World.start();
    const other = await world.connected(version);
    const client = await withPassword(world, version);
    const id = await clientId(client);
    expect(await announceMove(world)).toBe(1);
    await until(() => !world.cache.connections.some((connection) => connection.id === id));
    const moved = await clientId(client);
    world.cache.cut([moved]);
    const last = (): number => Math.max(...world.cache.connections.map((connection) => connection.id));
    await until(() => last() > moved);
    for (let turns = 0; turns < 50; turns++) await other.ping();
    expect(world.logins(last())).toEqual([]);
    expect(client.isReady).toBe(false);
  });
});
