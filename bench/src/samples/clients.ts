import { withEntra } from '@entra-redis/ioredis';
import { entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}
export type ClientName = 'ioredis' | 'node-redis';

/** What the samples use of a client. */
export interface BenchClient {
  get(key: string): Promise<unknown>;
  close(): Promise<void>;
}

/** One token, which is the server's static password: the same login for both sides. */
export function managerOf({ username, password }: Login): TokenManager {
  const obtainedAt = Date.now();
  const token = { value: password, obtainedAt, expiresAt: obtainedAt + 3_600_000 };
  return createTokenManager({ requestToken: async () => token }, { username });
}

/** A connected client, with the adapter where there is a manager. */
export async function connected(client: ClientName, login: Login, manager?: TokenManager): Promise<BenchClient> {
  const { host, port, username, password } = login;
  if (client === 'ioredis') {
    const redis = new Redis(
      manager === undefined ? { host, port, username, password } : withEntra(manager, { host, port }),
    );
    await redis.ping();
    return { get: (key) => redis.get(key), close: async () => redis.disconnect() };
  }
  const socket = { host, port };
  const redis =
    manager === undefined
      ? createClient({ socket, username, password, maintNotifications: 'disabled' })
      : createClient({ socket, credentialsProvider: entraCredentials(manager), maintNotifications: 'disabled' });
  await redis.connect();
  return { get: (key) => redis.get(key), close: async () => redis.destroy() };
}
