import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createCertificateAuthority } from '@entra-redis/emulator';
import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type BasicAuth,
  type CredentialsListener,
  entraCredentials,
  type EntraCredentialsProvider,
  giveUpAfterRefusals,
} from '../../src/index.ts';
import { nextTurn } from '../../src/timers.ts';
import { versions } from '../support/clients.ts';
import { clientId, reconnect, title, World } from '../support/world.ts';

/** A provider that waits before it asks ours. */
const late = (provider: EntraCredentialsProvider, turns: number): object => ({
  type: provider.type,
  onReAuthenticationError: () => undefined,
  subscribe: async (listener: CredentialsListener) => {
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    return provider.subscribe(listener);
  },
});

/** Connections of others that are made meanwhile: which is the client's, is not known for a moment. */
function otherSockets(world: World): Promise<unknown>[] {
  return [1, 2, 3].map(async () => {
    const socket = connect(world.cache.port, world.cache.host);
    await once(socket, 'connect');
    socket.destroy();
  });
}

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('connect/auth-first: the login precedes every command', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    expect(await client.ping()).toBe('PONG');
    const first = world.cache.timeline.entries.find((entry) => entry.event === 'command');
    expect(first?.args?.[0]).toMatch(/^(AUTH|HELLO)$/);
    expect(world.logins()).toHaveLength(1);
  });

  test('connect/waits-for-first-token: commands queue, none fails, none precedes the login', async () => {
    const world = await World.start();
    const issue = world.holdToken();
    const client = world.client(version);
    const connected = client.connect();
    const replies = [client.ping(), client.ping()];
    await until(() => world.cache.connections.length === 1);
    expect(world.cache.timeline.entries.filter((entry) => entry.event === 'command')).toEqual([]);
    issue();
    await connected;
    expect(await Promise.all(replies)).toEqual(['PONG', 'PONG']);
  });

  test('connect/one-login: a socket that ends in the turn in which the token comes, as after a stall, leaves no login for the next one', async () => {
    const world = await World.start();
    const sockets: Socket[] = [];
    const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
    diagnostics.subscribe('net.client.socket', note);
    onTestFinished(() => void diagnostics.unsubscribe('net.client.socket', note));
    const issue = world.holdToken();
    const client = world.client(version);
    const connected = client.connect();
    await until(() => world.cache.connections.length === 1);
    issue();
    // The client has what it needs for the login, and writes it in the next turn.
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    sockets.at(-1)?.destroy(new Error('read ECONNRESET'));
    await world.pass(connected);
    expect(await client.ping()).toBe('PONG');
    expect(world.logins()).toHaveLength(1);
  });

  test('connect/first-token-fails: a typed error, a retry, and queued commands run after it', async () => {
    const world = await World.start();
    world.identity.script.push(new Error('the identity provider is down'));
    const client = world.client(version);
    const failed = new Promise<Error>((resolve) => client.once('error', resolve));
    const connected = client.connect();
    const reply = client.ping();
    expect(await failed).toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
    await world.pass(connected);
    expect(await reply).toBe('PONG');
  });

  test('connect/fresh-on-reconnect: the newest token, not the one of the first connect', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await world.renewFor();
    await reconnect(world, client);
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2, 2]);
  });

  test('connect/idp-down-token-valid: the token in hand is used', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    world.identity.script.push(...Array.from({ length: 50 }, () => new Error('down')));
    await world.renew();
    await reconnect(world, client);
    expect(world.verifier.presented).toEqual([1, 1]);
  });

  test('connect/expired-never-sent, connect/idp-down-token-expired: a new token comes first', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    world.identity.script.push(...Array.from({ length: 1000 }, () => new Error('down')));
    await world.clock.advance(3_700_000);
    world.cache.cut();
    await until(() => !client.isReady);
    const reply = client.ping();
    await until(() => world.cache.connections.length === 1);
    world.identity.script.length = 0;
    expect(await world.pass(reply)).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('connect/refused: one forced renewal, then the client goes on with the new token', async () => {
    const world = await World.start();
    world.verifier.refuse = (jti) => jti === 1;
    const client = world.client(version);
    await world.pass(client.connect());
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
    expect(world.identity.requests.map(({ force }) => force)).toEqual([false, true]);
    const refused = world.events.find((event) => event.type === 'refused');
    expect(refused?.error).toMatchObject({
      code: 'ERR_AUTH_REFUSED',
      cause: { message: expect.stringMatching(/^WRONGPASS/) },
    });
  });

  test('connect/refused: without an access policy the client itself names the object id, and the doctor', async () => {
    const world = await World.start();
    world.verifier.refuse = () => true;
    const { host, port } = world.cache;
    const client = world.client(version, { socket: { host, port, reconnectStrategy: false } });
    const connected = world.pass(client.connect());
    await expect(connected).rejects.toThrow(/^WRONGPASS .* access policy .* Run: npx entra-redis doctor HOST:PORT$/);
    await expect(connected).rejects.toThrow(`object id ${world.identity.objectId}`);
  });

  test('connect/refused: a cache that is still loading has refused nobody: the same token is tried again', async () => {
    const world = await World.start();
    world.cache.fault({
      match: ['AUTH', 'HELLO'],
      action: { kind: 'error', message: 'LOADING Redis is loading the dataset' },
    });
    const client = world.client(version);
    await world.pass(client.connect());
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1]);
    expect(world.identity.requests).toHaveLength(1);
    expect(world.count('refused')).toBe(0);
  });

  test('connect/dies-during-token: recovers with the newest token', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await world.clock.advance(3_500_000);
    world.identity.script.push('hang');
    await world.clock.advance(200_000);
    world.cache.cut();
    await until(() => world.cache.connections.length === 1 && !client.isReady);
    const reply = client.ping();
    const again = new Promise((resolve) => client.once('reconnecting', resolve));
    world.cache.cut();
    await again;
    expect(await world.pass(reply)).toBe('PONG');
  });

  test('connect/disconnect-while-waiting: nothing stays', async () => {
    const world = await World.start();
    world.identity.script.push('hang');
    const client = world.client(version);
    client.connect().catch(() => undefined);
    await until(() => world.cache.connections.length === 1);
    client.destroy();
    await until(() => world.cache.connections.length === 0);
    await world.clock.advance(60_000);
    expect(world.verifier.presented).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test('token/close-in-flight: the manager is closed during the handshake, the connection stays', async () => {
    const world = await World.start();
    let release = (): void => undefined;
    const managerClosed = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.cache.fault({ match: ['AUTH', 'HELLO'], action: { kind: 'hold', until: managerClosed } });
    const connected = world.connected(version);
    await until(() => world.cache.timeline.entries.some(({ event }) => event === 'fault'));
    world.manager.close();
    release();
    expect(await (await connected).ping()).toBe('PONG');
  });

  test('connect/tls-required: around a provider that is asked late, as by one that waits first, no token is sent', async () => {
    const world = await World.start();
    const { host, port } = world.cache;
    const socket = { host, port, reconnectStrategy: giveUpAfterRefusals(3) };
    const client = world.client(version, { socket, credentialsProvider: late(world.provider, 10) });
    await expect(client.connect()).rejects.toMatchObject({ originalError: { code: 'ERR_PLAIN_TEXT' } });
    expect(world.verifier.presented).toEqual([]);
    const allowed = entraCredentials(world.manager, { allowPlainText: true });
    await world.connected(version, { socket, credentialsProvider: late(allowed, 10) });
    await world.renewFor();
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('connect/tls-required: a few turns late, as with a promise library, the token is put in on the socket that was looked at', async () => {
    const world = await World.start();
    const client = world.client(version, { credentialsProvider: late(world.provider, 1) });
    const others = otherSockets(world);
    await client.connect();
    await Promise.all(others);
    expect(world.verifier.presented).toEqual([1]);
    const done = world.next('reauthenticated');
    await world.renew();
    expect(await done).toMatchObject({ connection: world.connectionIdentity });
    await reconnect(world, client);
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2, 2]);
  });

  test('connect/offline-queue: commands queued while down run after the login', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const before = await clientId(client);
    world.cache.cut();
    await until(() => !client.isReady);
    const replies = Array.from({ length: 100 }, () => client.ping());
    expect(new Set(await Promise.all(replies))).toEqual(new Set(['PONG']));
    expect(await clientId(client)).not.toBe(before);
  });

  test('connect/tls-required: over TLS, first connect, renewal and reconnect', async () => {
    const authority = await createCertificateAuthority();
    const world = await World.start({ tls: await authority.issue(['localhost']) });
    const { host, port } = world.cache;
    const tls = { tls: true, ca: authority.ca, servername: 'localhost' };
    const client = await world.connected(version, { socket: { host, port, reconnectStrategy: 1, ...tls } });
    await world.renewFor();
    await reconnect(world, client);
    await world.renewFor();
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2, 2, 3]);
  });
});

test('connect/tls-required: a provider that is asked outside of a connect gives no token', async () => {
  const world = await World.start();
  const listener = { onNext: () => undefined, onError: () => undefined };
  await expect(world.provider.subscribe(listener)).rejects.toMatchObject({ code: 'ERR_PLAIN_TEXT' });
});

test('a provider that is asked outside of a connect, and may send plain text, gives credentials, and one AUTH for each renewal', async () => {
  const world = await World.start();
  const provider = entraCredentials(world.manager, { allowPlainText: true });
  const sent: (string | undefined)[] = [];
  const onNext = (credentials: BasicAuth): void => {
    const authenticate = async ({ password }: BasicAuth): Promise<number> => sent.push(password);
    authenticate(credentials).catch(() => undefined);
  };
  const [login, disposable] = await provider.subscribe({ onNext, onError: () => undefined });
  await world.renewFor();
  expect(sent).toEqual([world.manager.current?.password]);
  expect(sent).not.toContain(login.password);
  disposable.dispose();
  await world.renew();
  expect(sent).toHaveLength(1);
});
