import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessOf } from '../src/provider-access.ts';
import { type TestClient, title, type Version, versions } from './support/clients.ts';
import { clientId, until, World } from './support/world.ts';

/** Every process warning from now on. */
function collectWarnings(): unknown[] {
  const warnings: unknown[] = [];
  const collect = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', collect);
  onTestFinished(() => void process.off('warning', collect));
  return warnings;
}

/** Those that ask for notifications unless told otherwise. */
const asking = versions.filter(({ name, RESP }) => RESP === 3 && name !== '5.0.0');

/** Announces that the address moves; what is in flight holds the hand-over open. */
async function announceMove(world: World): Promise<void> {
  expect(world.cache.maintain({ kind: 'moving', timeSeconds: 60, to: await world.cache.addAddress() })).toBe(1);
}

/** A command that stays in flight until a job comes. */
async function block(world: World, client: TestClient): Promise<{ readonly job: Promise<unknown> }> {
  const job = client.sendCommand(['BLPOP', 'jobs', '0']);
  await world.blocked();
  return { job };
}

/** Resolves when the client has left its connection `id`. */
const leaves = (world: World, id: number): Promise<void> =>
  until(() => !world.cache.connections.some((connection) => connection.id === id));

/** A client that needs no token manager, to act beside the one under test. */
async function helper(world: World, version: Version): Promise<TestClient> {
  const { username, password } = await world.manager.credentials();
  const login = { username, password, credentialsProvider: undefined };
  return world.connected(version, { ...login, maintNotifications: 'disabled' });
}

describe.each(asking.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('topology/maintenance-move: the connection that took over gets each later token, by one AUTH', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    for (let moves = 0; moves < 2; moves++) {
      const id = await clientId(client);
      await announceMove(world);
      await leaves(world, id);
    }
    const id = await clientId(client);
    await world.rotate();
    await world.rotate();
    expect(world.verifier.presented).toEqual([1, 1, 1, 2, 3]);
    expect(world.logins(id)).toEqual(['HELLO', 'AUTH', 'AUTH'].map((via) => ({ via, connection: id })));
    expect(world.count('reauthenticated')).toBe(2);
  });

  test('topology/maintenance-move: a refresh inside a hand-over shifts no reply', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const other = await helper(world, version);
    const id = await clientId(client);
    const { job } = await block(world, client);
    await announceMove(world);
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.verifier.hold = (jti) => (jti === 2 ? answered : undefined);
    await until(() => world.verifier.presented.length === 3);
    await world.refresh();
    await world.pass(until(() => world.verifier.presented.includes(2)));
    const words = ['a', 'b', 'c'];
    const replies = Promise.all(words.map((word) => client.sendCommand(['ECHO', word])));
    await other.sendCommand(['RPUSH', 'jobs', 'x']);
    expect(await job).toEqual(['jobs', 'x']);
    await leaves(world, id);
    const done = world.next('reauthenticated');
    answer();
    expect(await replies).toEqual(words);
    await done;
    await world.rotate();
    expect(new Set(world.verifier.presented)).toEqual(new Set([1, 2, 3]));
    expect(await client.ping()).toBe('PONG');
  });

  test('topology/maintenance-move: a token that came while the new connection was made is not lost', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const other = await helper(world, version);
    const id = await clientId(client);
    const { job } = await block(world, client);
    await world.refresh();
    await announceMove(world);
    await until(() => world.verifier.presented.length === 3);
    await other.sendCommand(['RPUSH', 'jobs', 'x']);
    await job;
    await leaves(world, id);
    await client.ping();
    expect(world.logins(await clientId(client))[0]).toMatchObject({ via: 'HELLO' });
    expect(world.verifier.presented.slice(0, 3)).toEqual([1, 1, 2]);
    await world.rotate();
    expect(world.verifier.presented.at(-1)).toBe(3);
  });

  test('topology/maintenance-move: the AUTH that waited for EXEC before it is not waited for', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await client.sendCommand(['MULTI']);
    await world.refresh();
    await announceMove(world);
    await leaves(world, id);
    await client.ping();
    await accessOf(world.provider)?.authenticateFree();
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('closing after a hand-over releases the connection', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await announceMove(world);
    await leaves(world, id);
    await client.close();
    await until(() => world.cache.connections.length === 0);
    await world.refresh();
    expect(world.verifier.presented).toEqual([1, 1]);
  });

  test('a hand-over is warned of, as the client will not reconnect after it', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    const warned = new Promise((resolve) => process.once('warning', resolve));
    await announceMove(world);
    expect(await warned).toMatchObject({ name: 'EntraRedisWarning', code: 'ENTRA_REDIS_MAINT_NOTIFICATIONS' });
    await leaves(world, id);
  });

  test('topology/maintenance-move: a planned reconnect, in the turn in which another client closes, is no hand-over', async () => {
    const world = await World.start();
    const warnings = collectWarnings();
    const sockets: Socket[] = [];
    const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
    subscribe('net.client.socket', note);
    onTestFinished(() => void unsubscribe('net.client.socket', note));
    const blocked = await world.connected(version);
    const closing = await world.connected(version);
    const lost = [blocked, closing].map((client) => client.sendCommand(['BLPOP', 'jobs', '0']).catch(() => 'lost'));
    await world.blocked(2);
    const [own] = sockets as [Socket];
    const back = new Promise<void>((resolve) => blocked.once('ready', () => resolve()));
    const destroy = own.destroy.bind(own);
    let closed: Promise<void> | undefined;
    own.destroy = (error) => {
      destroy(error);
      closed ??= closing.close();
      return own;
    };
    await world.refresh();
    await world.clock.advance(1_000_000);
    await back;
    world.cache.cut();
    expect(await lost[0]).toBe('lost');
    expect(warnings).toEqual([]);
  });

  test('node-redis itself, with a password: its next disconnect is its last. Where this fails, drop the warnings', async () => {
    const world = await World.start();
    const other = await helper(world, version);
    const { username, password } = await world.manager.credentials();
    const client = await world.connected(version, { username, password, credentialsProvider: undefined });
    const id = await clientId(client);
    await announceMove(world);
    await leaves(world, id);
    const moved = await clientId(client);
    world.cache.cut([moved]);
    const last = (): number => Math.max(...world.cache.connections.map((connection) => connection.id));
    await until(() => last() > moved);
    for (let turns = 0; turns < 50; turns++) await other.ping();
    expect(world.logins(last())).toEqual([]);
    expect(client.isReady).toBe(false);
  });
});

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/close-unsubscribes: two clients that close in one turn, one of them busy, are no hand-over', async () => {
    const world = await World.start();
    const warnings = collectWarnings();
    const other = await helper(world, version);
    const options = { maintNotifications: 'disabled' };
    const idle = await world.connected(version, options);
    const busy = await world.connected(version, options);
    const { job } = await block(world, busy);
    const closed = Promise.all([idle.close(), busy.close()]);
    await other.sendCommand(['RPUSH', 'jobs', 'x']);
    expect(await job).toEqual(['jobs', 'x']);
    await closed;
    await until(() => world.cache.connections.length === 1);
    expect(warnings).toEqual([]);
  });
});
