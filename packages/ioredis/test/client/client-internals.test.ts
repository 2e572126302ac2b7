/** What src/client/client-internals.ts and its users take for granted of ioredis. A version that fails here changes what they rely on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { runningCopy } from '../../src/client/loaded-copies.ts';
import type {
  Command,
  CommandConstructor,
  Condition,
  Connector,
  ConnectorConstructor,
  Instance,
  RedisClass,
  Subscriptions,
} from '../../src/client/client-internals.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity, objectId, versions } from '../support/world.ts';

const require = createRequire(import.meta.url);

test('the peer range is what is tested', () => {
  const { peerDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(peerDependencies).toEqual({ ioredis: '^5.3.2 || ^6.0.0' });
  expect(versions.map(({ version }) => version)).toEqual(
    ['ioredis', 'ioredis-5', 'ioredis-5-oldest', 'iovalkey'].map((name) => {
      const file = require.resolve(`${name}/package.json`);
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
      return `${manifest.name} ${manifest.version}`;
    }),
  );
});

describe.each(versions)('$version', ({ module, resp3 }) => {
  const Redis = module.Redis as unknown as RedisClass;

  test('Redis.prototype owns what is hooked or called', () => {
    for (const name of ['connect', 'duplicate', 'handleReconnection', 'sendCommand', 'silentEmit'])
      expect(Object.hasOwn(Redis.prototype, name)).toBe(true);
  });

  test('duplicate() makes an instance of the class from the options of whatever it is called on', () => {
    const { duplicate } = Redis.prototype;
    const made = duplicate.call({ options: { lazyConnect: true, host: 'x' } });
    expect(made).toBeInstanceOf(Redis);
    expect([made.status, made.options.host]).toEqual(['wait', 'x']);
  });

  test('connectors are constructed from options alone, and read them when they connect; that of sentinels learns by add()', () => {
    const options = { lazyConnect: true, sentinels: [{ host: 'localhost' }], name: 'x' };
    const { connector } = new Redis(options);
    expect(connector.emitter).toBeInstanceOf(Redis);
    const again = new (connector.constructor as ConnectorConstructor)(options);
    expect(again).toMatchObject({ options, emitter: null });
    expect(again.sentinelIterator?.add({ host: 'other' })).toBe(true);
    expect(options.sentinels).toHaveLength(1);
  });

  test('an error of the server goes through an own handleReconnection, with its command, which is in the queue before', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const { username, password } = await identity.manager.credentials();
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { username, password })));
    await redis.ping();
    const instance = redis as unknown as Instance;
    const [seen, waiting]: [string[], string[]] = [[], []];
    instance.handleReconnection = (error, { command }) => {
      seen.push(command.name);
      command.reject(error);
    };
    const answer = redis.call('NO-SUCH-COMMAND');
    waiting.push(...instance.commandQueue.toArray().map(({ command }) => command.name));
    await expect(answer).rejects.toThrow('unknown command');
    expect([seen, waiting]).toEqual([['NO-SUCH-COMMAND'], ['NO-SUCH-COMMAND']]);
  });

  test('Cluster.prototype owns connect and nodes, and is told from Redis by silentEmit', () => {
    const { prototype } = module.Cluster;
    const owned = ['connect', 'nodes', 'silentEmit'].filter((name) => Object.hasOwn(prototype, name));
    expect(owned).toEqual(['connect', 'nodes']);
    expect(prototype).not.toHaveProperty('silentEmit');
  });

  test('a cluster calls dnsLookup as a method of its options, an object that no other cluster has', async () => {
    const seen: unknown[] = [];
    const options = {
      dnsLookup(this: unknown, _host: string, done: (error: Error, address: string) => void): void {
        seen.push(this);
        done(new Error('no resolver'), '');
      },
      lazyConnect: true,
      clusterRetryStrategy: () => null,
    };
    const cluster = closedAtEnd(new module.Cluster([{ host: 'cache.example' }], options));
    const duplicate = closedAtEnd(cluster.duplicate());
    for (const each of [cluster, duplicate]) await expect(each.connect()).rejects.toThrow('no resolver');
    expect(seen.map((each) => [cluster.options, duplicate.options].indexOf(each as never))).toEqual([0, 1]);
  });

  test('recoverFromFatalError rejects what waits with its error, emits it and reconnects', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const login = { username: objectId, password: identity.issue().value };
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { ...login, retryStrategy: () => 1 })));
    const [answer, error, again] = [redis.get('a'), eventOf(redis, 'error'), eventOf(redis, 'reconnecting')];
    const problem = new Error('no');
    redis.once('connect', () => (redis as unknown as Instance).recoverFromFatalError(problem, problem));
    await expect(answer).rejects.toBe(problem);
    expect(await error).toEqual([problem]);
    await again;
  });

  test('a Connector is constructed within the constructor of Redis, with the options of the instance', () => {
    const seen: { options?: unknown; copy?: unknown } = {};
    const stub = { connect: () => Promise.resolve(new Socket().destroy()), disconnect: () => {} } satisfies Connector;
    function Connector(options: unknown): typeof stub {
      Object.assign(seen, { options, copy: runningCopy() });
      return stub;
    }
    const instance = new Redis({ Connector, lazyConnect: true });
    expect(seen.copy).toBe(module.Redis);
    expect(seen.options).toBe(instance.options);
    expect(instance.connector).toBe(stub);
  });

  test('without a Connector there is one for standalone and one for sentinels, which open their socket in connect()', () => {
    const standalone = new Redis({ lazyConnect: true }).connector;
    const sentinel = new Redis({ lazyConnect: true, sentinels: [{ host: 'localhost' }], name: 'x' }).connector;
    for (const connector of [standalone, sentinel]) expect(connector.stream).toBeUndefined();
    expect(standalone.constructor.name).toBe('StandaloneConnector');
    expect(sentinel.constructor.name).toBe('SentinelConnector');
  });

  test('a destroyed socket from the connector is a failed attempt: firstError is emitted, then retryStrategy decides', async () => {
    const failure = new Error('no token');
    const instance = new Redis({ lazyConnect: true, retryStrategy: () => null });
    instance.connector.connect = () => Promise.resolve(new Socket().destroy());
    instance.connector.firstError = failure;
    const error = eventOf(instance as never, 'error');
    const ended = eventOf(instance as never, 'end');
    void instance.connect().catch(() => {});
    expect(await error).toEqual([failure]);
    await ended;
  });

  test('user name and password become strings when AUTH or HELLO is built, after the socket connected', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const asked: string[] = [];
    const credential = (name: 'username' | 'password'): object => ({
      toString: () => {
        asked.push(`${name} while ${redis.status}`);
        return identity.manager.current?.[name];
      },
    });
    await identity.manager.credentials();
    const options = addressOf(cache, {
      username: credential('username'),
      password: credential('password'),
      lazyConnect: true,
    });
    const redis = closedAtEnd(new module.Redis(options as object));
    await redis.connect();
    expect(asked).toEqual(['username while connect', 'password while connect']);
  });

  test('the handshake goes through an own sendCommand; toWritable and reject of the command are used', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { username: 'u', password: 'p', lazyConnect: true })));
    const instance = redis as unknown as Instance;
    const names: string[] = [];
    const { sendCommand } = instance;
    const rejection = new Promise((resolve) => {
      instance.sendCommand = (command) => {
        names.push(command.name);
        const { toWritable, reject } = command;
        command.toWritable = (socket) => toWritable.call(command, socket);
        if (command.name === 'auth' || command.name === 'hello') {
          command.reject = (error) => {
            resolve([error.message.split(' ')[0], command.args]);
            reject.call(command, error);
          };
        }
        return sendCommand.call(instance, command);
      };
    });
    redis.connect().catch(() => {});
    expect(await rejection).toEqual(['WRONGPASS', resp3 ? ['3', 'AUTH', 'u', 'p'] : ['u', 'p']]);
    expect(names[0]).toBe(resp3 ? 'hello' : 'auth');
  });

  test('what was not answered when a socket ended is in prevCommandQueue, also when the next one fails', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const login = { username: objectId, password: identity.issue().value };
    const tries = [1, null];
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { ...login, retryStrategy: () => tries.shift() })));
    await redis.ping();
    redis.blpop('list', 0).catch(() => {});
    cache.fault({ match: ['AUTH', 'HELLO'], action: { kind: 'cut' } });
    cache.cut();
    await eventOf(redis, 'end');
    const instance = redis as unknown as Instance;
    expect(instance.prevCommandQueue?.shift()?.command).toMatchObject({ name: 'blpop' });
    expect(instance.prevCommandQueue?.shift()).toBeUndefined();
  });

  test('a command tells its class; setTimeout and promise are there', () => {
    const Command = module.Command as unknown as CommandConstructor;
    const command: Command = new Command('auth', ['u', 'p']);
    expect(command.constructor).toBe(Command);
    expect(command).toMatchObject({ name: 'auth', args: ['u', 'p'], setTimeout: expect.any(Function) });
    expect(command.promise).toBeInstanceOf(Promise);
    expect(String(command.toWritable(undefined))).toBe('*3\r\n$4\r\nauth\r\n$1\r\nu\r\n$1\r\np\r\n');
  });

  test('subscriptions are in condition.subscriber; the mode is subscriber with RESP2 only', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const { username, password } = await identity.manager.credentials();
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { username, password })));
    await redis.subscribe('a', 'b');
    await redis.psubscribe('c*');
    const { condition, mode } = redis as unknown as Instance;
    const subscriptions = condition?.subscriber;
    expect(subscriptions && subscriptions.channels('subscribe')).toEqual(['a', 'b']);
    expect(subscriptions && subscriptions.channels('psubscribe')).toEqual(['c*']);
    expect(mode).toBe(resp3 ? 'normal' : 'subscriber');
  });

  test('a channel that is left is deleted from them by the name of the reply; then, with none left, there is no subscriber', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const { username, password } = await identity.manager.credentials();
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { username, password, protocol: 2 })));
    await redis.subscribe('a', 'b');
    const { condition } = redis as unknown as { condition: Condition };
    const told: unknown[][] = [];
    const subscriptions = condition.subscriber as Subscriptions;
    subscriptions.del = (...args) => void told.push(args);
    Object.defineProperty(condition, 'subscriber', {
      get: () => subscriptions,
      set: (value: unknown) => {
        told.push([value]);
      },
    });
    await redis.unsubscribe('a', 'b');
    expect(told).toEqual([['unsubscribe', 'a'], ['unsubscribe', 'b'], [false]]);
  });

  test('a reconnect reads retryStrategy and maxRetriesPerRequest before a later listener of the socket is called', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const { username, password } = await identity.manager.credentials();
    const redis = closedAtEnd(new module.Redis(addressOf(cache, { username, password })));
    await redis.ping();
    const { options, stream } = redis as unknown as Instance;
    const reads: string[] = [];
    options.retryStrategy = () => {
      reads.push('retryStrategy');
      return 0;
    };
    Object.defineProperty(options, 'maxRetriesPerRequest', { get: () => void reads.push('maxRetriesPerRequest') });
    const closed = new Promise<void>((resolve) => stream?.once('close', () => resolve(void reads.push('listener'))));
    redis.disconnect(true);
    await closed;
    expect(reads).toEqual(['retryStrategy', 'maxRetriesPerRequest', 'listener']);
  });
});
