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

/** A static password, one that a provider of the user's gives to node-redis, or tokens by the adapter. */
export type LoginBy = 'password' | 'provider' | 'adapter';

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

/** The least that node-redis takes for a provider whose credentials may change. */
const staticProvider = ({ username, password }: Login): ReturnType<typeof entraCredentials> => ({
  type: 'streaming-credentials-provider',
  subscribe: async () => [{ username, password }, { dispose: () => undefined }],
  onReAuthenticationError: () => undefined,
});

export interface ConnectorOptions {
  /** Without the command timeout of node-redis 6. */
  readonly unlimited?: boolean | undefined;
  readonly manager?: TokenManager;
}

/** What breaks a connection is part of what is measured. */
const ignore = (): void => undefined;

/** Connects clients that share one set of options. */
export function connector(
  client: ClientName,
  login: Login,
  loginBy: LoginBy,
  { unlimited = false, manager: given }: ConnectorOptions = {},
): () => Promise<BenchClient> {
  const { host, port, username, password } = login;
  const manager = loginBy === 'adapter' ? (given ?? managerOf(login)) : undefined;
  if (client === 'ioredis') {
    const options = manager === undefined ? { host, port, username, password } : withEntra(manager, { host, port });
    return async () => {
      const redis = new Redis(options).on('error', ignore);
      await redis.ping();
      return { get: (key) => redis.get(key), close: async () => redis.disconnect() };
    };
  }
  const credentialsProvider = manager === undefined ? staticProvider(login) : entraCredentials(manager);
  const credentials = loginBy === 'password' ? { username, password } : { credentialsProvider };
  const commandOptions = unlimited ? { timeout: 0 } : {};
  const options = { socket: { host, port }, maintNotifications: 'disabled', commandOptions, ...credentials } as const;
  return async () => {
    const redis = createClient(options).on('error', ignore);
    await redis.connect();
    return { get: (key) => redis.get(key), close: async () => redis.destroy() };
  };
}
