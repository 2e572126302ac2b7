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

/** Connects clients that share one set of options, with the adapter where there is a manager. */
export function connector(client: ClientName, login: Login, manager?: TokenManager): () => Promise<BenchClient> {
  const { host, port, username, password } = login;
  if (client === 'ioredis') {
    const options = manager === undefined ? { host, port, username, password } : withEntra(manager, { host, port });
    return async () => {
      const redis = new Redis(options);
      await redis.ping();
      return { get: (key) => redis.get(key), close: async () => redis.disconnect() };
    };
  }
  const credentials =
    manager === undefined ? { username, password } : { credentialsProvider: entraCredentials(manager) };
  const options = { socket: { host, port }, maintNotifications: 'disabled', ...credentials } as const;
  return async () => {
    const redis = createClient(options);
    await redis.connect();
    return { get: (key) => redis.get(key), close: async () => redis.destroy() };
  };
}
