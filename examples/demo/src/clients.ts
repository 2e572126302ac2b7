import { withEntra } from '@entra-redis/ioredis';
import { entraCredentials } from '@entra-redis/node-redis';
import type { TokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { CacheEndpoint } from './world.ts';

export type Role = 'commands' | 'subscriber';

/** A command client and a subscriber of one library, on one token manager. */
export interface Lane {
  readonly name: string;
  readonly manager: TokenManager;
  connect(): Promise<void>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  publish(message: string): Promise<void>;
  subscribe(onMessage: (message: string) => void): Promise<void>;
  clientId(role: Role): Promise<number>;
  onCut(listener: (role: Role) => void): void;
  close(): Promise<void>;
}

export function nodeRedisLane(manager: TokenManager, cache: CacheEndpoint): Lane {
  const channel = 'demo:node-redis';
  const client = createClient({
    socket: { host: cache.host, port: cache.port },
    credentialsProvider: entraCredentials(manager),
  });
  const subscriber = client.duplicate();
  const connect = async (each: typeof client | typeof subscriber): Promise<void> => {
    // With an `error` listener node-redis retries forever: only the demo's running part needs that.
    await each.connect();
    each.on('error', () => undefined);
  };
  return {
    name: 'node-redis',
    manager,
    connect: async () => {
      await Promise.all([connect(client), connect(subscriber)]);
    },
    get: (key) => client.get(`node-redis:${key}`),
    set: async (key, value) => void (await client.set(`node-redis:${key}`, value)),
    publish: async (message) => void (await client.publish(channel, message)),
    subscribe: (onMessage) => subscriber.subscribe(channel, onMessage),
    clientId: (role) => (role === 'commands' ? client : subscriber).clientId(),
    onCut: (listener) => {
      client.on('reconnecting', () => listener('commands'));
      subscriber.on('reconnecting', () => listener('subscriber'));
    },
    close: async () => {
      for (const each of [subscriber, client]) if (each.isOpen) each.destroy();
    },
  };
}

export function ioredisLane(manager: TokenManager, cache: CacheEndpoint): Lane {
  const channel = 'demo:ioredis';
  const client = new Redis(withEntra(manager, { host: cache.host, port: cache.port, lazyConnect: true }));
  const subscriber = client.duplicate();
  const connect = async (each: Redis): Promise<void> => {
    const failed = new Promise<never>((_, reject) => {
      each.once('error', reject);
    });
    await Promise.race([each.connect(), failed]);
    each.on('error', () => undefined);
  };
  return {
    name: 'ioredis',
    manager,
    connect: async () => {
      await Promise.all([connect(client), connect(subscriber)]);
    },
    get: (key) => client.get(`ioredis:${key}`),
    set: async (key, value) => void (await client.set(`ioredis:${key}`, value)),
    publish: async (message) => void (await client.publish(channel, message)),
    subscribe: async (onMessage) => {
      subscriber.on('message', (_channel: string, message: string) => onMessage(message));
      await subscriber.subscribe(channel);
    },
    clientId: (role) => (role === 'commands' ? client : subscriber).client('ID'),
    onCut: (listener) => {
      client.on('close', () => listener('commands'));
      subscriber.on('close', () => listener('subscriber'));
    },
    close: async () => {
      for (const each of [subscriber, client]) each.disconnect();
    },
  };
}
