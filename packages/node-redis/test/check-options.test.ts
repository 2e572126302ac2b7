import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { until } from '@entra-redis/test-support';
import * as redis6 from 'redis';
import * as redis4 from 'redis-4';
import * as redis5 from 'redis-5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkOptions, entraCredentials, giveUpAfterRefusals } from '../src/index.ts';
import { versions } from './support/clients.ts';
import { title, World } from './support/world.ts';

type Factory = (options: unknown) => unknown;

describe('checkOptions', () => {
  const manager = { register: () => undefined } as unknown as Parameters<typeof entraCredentials>[0];
  const credentialsProvider = entraCredentials(manager);
  const safe = { credentialsProvider };

  test.each([
    ['connect/no-userinfo: a user', { ...safe, url: 'rediss://user@cache.example:10000' }, 'ERR_USERINFO_IN_URL'],
    ['connect/no-userinfo: a password', { ...safe, url: 'rediss://:pass@cache.example' }, 'ERR_USERINFO_IN_URL'],
    ['connect/tls-required: redis:', { ...safe, url: 'redis://cache.example:6379' }, 'ERR_PLAIN_TEXT'],
    [
      'connect/tls-required: a host that looks like loopback',
      { ...safe, url: 'redis://127.evil.example' },
      'ERR_PLAIN_TEXT',
    ],
    ['connect/tls-required: a host without tls', { ...safe, socket: { host: 'cache.example' } }, 'ERR_PLAIN_TEXT'],
    ['no provider', { url: 'rediss://cache.example' }, 'ERR_NODE_CREDENTIALS'],
    [
      'topology/cluster-root-only: a cluster whose data nodes would log in as default',
      { rootNodes: [{ url: 'rediss://cache.example', credentialsProvider }] },
      'ERR_NODE_CREDENTIALS',
    ],
    [
      'a root node with a user',
      { rootNodes: [{ url: 'rediss://user@cache.example' }], defaults: safe },
      'ERR_USERINFO_IN_URL',
    ],
    [
      'a root node without TLS',
      { rootNodes: [{ socket: { host: 'cache.example', port: 10000 } }], defaults: safe },
      'ERR_PLAIN_TEXT',
    ],
    [
      'nodes of sentinels without TLS',
      {
        sentinelRootNodes: [{ host: 'sentinel.example' }],
        nodeClientOptions: safe,
        sentinelClientOptions: { socket: { tls: true } },
      },
      'ERR_PLAIN_TEXT',
    ],
    [
      'connect/sentinel-tls: a sentinel that would be asked in plain text',
      { sentinelRootNodes: [{ host: 'sentinel.example' }], nodeClientOptions: { ...safe, socket: { tls: true } } },
      'ERR_PLAIN_TEXT',
    ],
    [
      'a sentinel with the provider for the sentinels only',
      { sentinelRootNodes: [{ host: '127.0.0.1' }], sentinelClientOptions: safe },
      'ERR_NODE_CREDENTIALS',
    ],
    ['a URL that is none', { ...safe, url: 'cache' }, 'ERR_INVALID_OPTION'],
    [
      'topology/maintenance-move: the nodes of a cluster that would follow a MOVING',
      { rootNodes: [{ url: 'rediss://cache.example' }], defaults: { ...safe, maintNotifications: 'enabled' } },
      'ERR_INVALID_OPTION',
    ],
  ])('%s', (_name, options, code) => {
    expect(() => checkOptions(options)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['TLS by URL', { ...safe, url: 'rediss://cache.example:10000' }],
    ['TLS by socket', { ...safe, socket: { host: 'cache.example', tls: true } }],
    ['loopback', { ...safe, url: 'redis://127.0.0.1:6379' }],
    ['loopback of IPv6', { ...safe, url: 'redis://[::1]:6379' }],
    ['the default address', safe],
    ['a Unix socket', { ...safe, socket: { path: '/run/redis.sock' } }],
    ['a Unix socket by URL, of redis 6', { ...safe, url: 'unix:///run/redis.sock' }],
    [
      'a cluster with TLS in its defaults',
      {
        rootNodes: [{ socket: { host: 'cache.example', port: 10000 } }],
        defaults: { ...safe, socket: { tls: true, servername: 'cache.example' } },
      },
    ],
    [
      'connect/sentinel-tls: a sentinel that is asked over TLS',
      {
        sentinelRootNodes: [{ host: 'sentinel.example' }],
        nodeClientOptions: { ...safe, socket: { tls: true } },
        sentinelClientOptions: { socket: { tls: true } },
      },
    ],
    ['a sentinel on loopback', { sentinelRootNodes: [{ host: '127.0.0.1' }], nodeClientOptions: safe }],
  ])('lets pass, unchanged: %s', (_name, options) => {
    expect(checkOptions(options)).toBe(options);
  });

  test('plain text is let pass where the provider allows it', () => {
    const allowed = entraCredentials(manager, { allowPlainText: true });
    const options = { credentialsProvider: allowed, url: 'redis://cache.example' };
    expect(checkOptions(options)).toBe(options);
  });

  test.each([
    ['unknown', { plain: true }, /Unknown option "plain"/],
    ['of a wrong type', { allowPlainText: 'yes' }, /Option "allowPlainText" must be a boolean, but is 'yes'/],
  ])('an option of entraCredentials that is %s is named', (_name, options, message) => {
    expect(() => entraCredentials(manager, options as object)).toThrow(message);
  });
});

describe('giveUpAfterRefusals', () => {
  const refusal = new Error('WRONGPASS invalid username-password pair');

  test('counts refusals in a row, not other failures', () => {
    const strategy = giveUpAfterRefusals(2, () => 7);
    expect(strategy(0, new Error('connect ECONNREFUSED'))).toBe(7);
    expect(strategy(1, refusal)).toBe(7);
    expect(strategy(2, new Error('Socket closed unexpectedly'))).toBe(7);
    expect(strategy(3, refusal)).toBe(7);
    expect(strategy(4, refusal)).toMatchObject({ code: 'ERR_AUTH_REFUSED', cause: refusal });
  });

  test('many clients that are refused once each do not end one another', () => {
    const strategy = giveUpAfterRefusals(2, () => 7);
    for (let client = 0; client < 10; client++) expect(strategy(0, refusal)).toBe(7);
  });

  test.each([0, -1, 1.5, Number.NaN])('%s is refused by name', (value) => {
    expect(() => giveUpAfterRefusals(value)).toThrow(/"refusals" must be an integer of at least 1, but is/);
  });

  test.each(versions.map((version) => [title(version), version] as const))(
    'connect/refused: redis %s: connect() ends with a clear error',
    async (_name, version) => {
      const world = await World.start();
      world.verifier.refuse = () => true;
      const { host, port } = world.cache;
      const client = world.client(version, {
        socket: { host, port, reconnectStrategy: giveUpAfterRefusals(3, () => 1) },
      });
      const outcome = await world.pass(client.connect().then(String, (error: Error) => error));
      expect(outcome).toMatchObject({ originalError: { code: 'ERR_AUTH_REFUSED' } });
      expect(world.verifier.presented).toEqual([1, 2, 3]);
      await until(() => world.cache.connections.length === 0);
    },
  );
});

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('connect/tls-required: a token is not sent in plain text outside loopback', async () => {
    const world = await World.start();
    const seemFarAway = (message: unknown): void => {
      Object.defineProperty((message as { socket: Socket }).socket, 'remoteAddress', { value: '192.0.2.7' });
    };
    subscribe('net.client.socket', seemFarAway);
    onTestFinished(() => void unsubscribe('net.client.socket', seemFarAway));
    const { host, port } = world.cache;
    const options = { socket: { host, port, reconnectStrategy: giveUpAfterRefusals(3) } };
    await expect(world.client(version, options).connect()).rejects.toMatchObject({
      originalError: { code: 'ERR_PLAIN_TEXT', message: expect.stringContaining('192.0.2.7') },
    });
    const allowed = entraCredentials(world.manager, { allowPlainText: true });
    const client = await world.connected(version, { credentialsProvider: allowed });
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1]);
  });
});

test('a credential in place of the manager is named at once', () => {
  const credential = { getToken: () => undefined };
  expect(() => entraCredentials(credential as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('createTokenManager(credential)'),
    }),
  );
});

describe('the provider in place of the options, which would connect to localhost without a token', () => {
  const manager = { register: () => undefined } as unknown as Parameters<typeof entraCredentials>[0];
  const provider = entraCredentials(manager);
  const modules: Record<string, object> = { 'redis 4.7.1': redis4, 'redis 5.12.1': redis5, 'redis 6.3.1': redis6 };
  for (const { name, library } of versions) modules[`@redis/client ${name}`] = library;

  test.each(Object.entries(modules))('%s says where it belongs', (_name, module) => {
    const factories = Object.entries(module).filter(([name]) => name.startsWith('create')) as [string, Factory][];
    expect(factories.length).toBeGreaterThan(1);
    for (const [, create] of factories) {
      expect(() => create(provider)).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_OPTION',
          message: expect.stringContaining('createClient({ url, credentialsProvider })'),
        }),
      );
    }
  });

  test('it can be shown, copied and compared', () => {
    expect(inspect(provider)).toContain('streaming-credentials-provider');
    expect(JSON.parse(JSON.stringify(provider))).toEqual({ type: 'streaming-credentials-provider' });
    const method: unknown = expect.any(Function);
    const members = { subscribe: method, onReAuthenticationError: method };
    expect({ ...provider }).toEqual({ type: 'streaming-credentials-provider', ...members });
    expect(provider).not.toEqual(entraCredentials(manager));
  });
});

test('what checkOptions returns is what createClient takes, by its type too', () => {
  const credentialsProvider = entraCredentials({ register: () => undefined } as never);
  const options = checkOptions({
    url: 'redis://127.0.0.1:1',
    RESP: 3,
    credentialsProvider,
  });
  expect(redis6.createClient(options).isOpen).toBe(false);
});
