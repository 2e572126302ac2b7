import { EventEmitter } from 'node:events';
import type { Connection, Credentials, Registration, TokenManager } from '@entra-redis/token-manager';
import { expect, test, vi } from 'vitest';
import type { Command, CommandConstructor, Instance } from '../../src/client/client-internals.ts';
import { LiveConnection } from '../../src/connection/live-connection.ts';

const credentials: Credentials = { username: 'oid', password: 'token', expiresAt: 1 };

class FakeSocket extends EventEmitter {
  destroyed = false;
  writable = true;
  remoteAddress = '10.0.0.7';
  remotePort = 6380;

  destroy(): void {
    this.destroyed = true;
  }
}
class FakeInstance extends EventEmitter {
  status = 'ready';
  mode = 'normal';
  stream: FakeSocket | undefined = new FakeSocket();
  readonly commandQueue = { toArray: () => [{ command: { name: 'blpop', args: [] } }] };
  options: Record<string, unknown> = { host: 'cache.example', port: 10000 };
  readonly disconnect = vi.fn<(reconnect?: boolean) => void>();
}

/** A connection on a fake instance, as it is once its login was accepted. */
function live(change?: (instance: FakeInstance) => void) {
  const instance = new FakeInstance();
  change?.(instance);
  const registration = {
    authenticated: vi.fn<Registration['authenticated']>(),
    authenticateNow: vi.fn<() => void>(),
    disconnected: vi.fn<() => void>(),
    resume: vi.fn<() => void>(),
    release: vi.fn<() => void>(),
  } satisfies Registration;
  const register = vi.fn<(connection: Connection) => Registration>(() => registration);
  const connection = new LiveConnection(instance as unknown as Instance, Object as unknown as CommandConstructor);
  const logIn = (): void => connection.loggedIn({ register } as unknown as TokenManager, credentials);
  return { instance, registration, register, connection, logIn };
}

test('reauth/one-auth: once logged in it is registered with what it logged in with, until its socket closes', () => {
  const { instance, registration, register, connection, logIn } = live();
  logIn();
  expect(register).toHaveBeenCalledExactlyOnceWith(connection);
  expect(registration.authenticated).toHaveBeenCalledExactlyOnceWith(credentials);
  expect(registration.release).not.toHaveBeenCalled();
  instance.emit('ready');
  expect(registration.resume).toHaveBeenCalledOnce();
  instance.stream?.destroy();
  expect(registration.release).toHaveBeenCalledOnce();
});

test('reauth/close-frees: a socket that closes before it is ready leaves no listener', () => {
  const { instance, registration, logIn } = live();
  logIn();
  instance.stream?.destroy();
  expect(instance.listenerCount('ready')).toBe(0);
  instance.emit('ready');
  expect(registration.resume).not.toHaveBeenCalled();
});

test('reauth/close-frees: a second login on one socket takes the place of the first', () => {
  const { instance, registration, register, logIn } = live();
  logIn();
  new LiveConnection(instance as unknown as Instance, Object as unknown as CommandConstructor).loggedIn(
    { register } as unknown as TokenManager,
    credentials,
  );
  expect(registration.release).toHaveBeenCalledOnce();
  instance.stream?.destroy();
  expect(registration.release).toHaveBeenCalledTimes(2);
  expect(instance.stream?.destroyed).toBe(true);
});

test.each([
  ['no socket', (instance: FakeInstance) => void (instance.stream = undefined)],
  ['a socket that is gone', ({ stream }: FakeInstance) => void Object.assign(stream ?? {}, { destroyed: true })],
])('reauth/close-frees: with %s nothing is registered', (_, change) => {
  const { register, logIn } = live(change);
  logIn();
  expect(register).not.toHaveBeenCalled();
});

test('a manager that was closed during the handshake takes no registration', () => {
  const { instance, register, logIn } = live();
  register.mockImplementation(() => {
    throw new Error('closed');
  });
  logIn();
  expect(instance.listenerCount('ready')).toBe(0);
});

test.each<[string, boolean, (instance: FakeInstance) => void]>([
  ['ready', true, () => {}],
  ['a RESP2 subscriber', true, (instance) => void (instance.mode = 'subscriber')],
  ['not ready', false, (instance) => void (instance.status = 'connect')],
  ['a monitor', false, (instance) => void (instance.mode = 'monitor')],
  ['on another socket', false, (instance) => void (instance.stream = new FakeSocket())],
  ['without a socket', false, (instance) => void (instance.stream = undefined)],
  ['closing', false, ({ stream }) => void Object.assign(stream ?? {}, { writable: false })],
])('%s: AUTH is possible: %s', (_, possible, change) => {
  const { instance, connection } = live();
  change(instance);
  expect(connection.canAuthenticate()).toBe(possible);
});

test('reauth/multi: inside a transaction no AUTH is possible, nor a planned reconnect; when it ends the manager is told', async () => {
  const { instance, registration, connection, logIn } = live();
  logIn();
  const command = { promise: Promise.resolve() } as unknown as Command;
  connection.observe(command, 'begin');
  expect(connection.canAuthenticate()).toBe(false);
  connection.onDeadline();
  expect(instance.disconnect).not.toHaveBeenCalled();
  connection.observe(command, 'end');
  expect(connection.canAuthenticate()).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(registration.resume).toHaveBeenCalledOnce();
});

test('what was written before the login does not need a registration', async () => {
  const { connection } = live();
  connection.observe({ promise: Promise.resolve() } as unknown as Command, 'subscriptions');
  await new Promise((resolve) => setImmediate(resolve));
  expect(connection.canAuthenticate()).toBe(true);
});

test('reauth/blocked-past-expiry: at the deadline it reconnects, but not another socket of the instance', () => {
  const { instance, connection } = live();
  connection.onDeadline();
  expect(instance.disconnect).toHaveBeenCalledExactlyOnceWith(true);
  instance.stream = new FakeSocket();
  connection.onDeadline();
  expect(instance.disconnect).toHaveBeenCalledOnce();
});

test.each<[string, Record<string, unknown>, object]>([
  ['by host and port', {}, { address: 'cache.example:10000' }],
  ['by its path', { path: '/run/redis.sock' }, { address: '/run/redis.sock' }],
  ['by its socket behind sentinels', { sentinels: [{ host: 'sentinel' }] }, { address: '10.0.0.7:6380' }],
  ['with its name', { connectionName: 'worker' }, { address: 'cache.example:10000', name: 'worker' }],
])('events name it %s', (_, options, identity) => {
  const { connection } = live((instance) => void Object.assign(instance.options, options));
  expect(connection.identity).toEqual({ client: 'ioredis', ...identity });
});

test('the socket that it was made for is what counts', () => {
  const { instance, registration, register, logIn } = live();
  const own = instance.stream;
  instance.stream = new FakeSocket();
  logIn();
  expect(register).toHaveBeenCalledOnce();
  instance.stream.destroy();
  expect(registration.release).not.toHaveBeenCalled();
  own?.destroy();
  expect(registration.release).toHaveBeenCalledOnce();
});
