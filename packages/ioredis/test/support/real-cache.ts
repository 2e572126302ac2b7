import { startRedisServer } from '@entra-redis/redis-server';
import { clockOfTests, keepTimeOf } from '@entra-redis/test-support';
import { createTokenManager, type Token, type TokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';

/** A real redis-server whose tokens expire: each token is an ACL user, and deleting a user cuts its connections. */
export interface RealCache extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly manager: TokenManager;
  /** Tokens issued so far. */
  readonly tokens: number;
  /** Connections that were still on a token when it expired. */
  readonly cuts: number;
}

export async function startRealCache(lifetimeMs: number): Promise<RealCache> {
  const server = await startRedisServer();
  const { host, port } = server;
  const admin = new Redis({ host, port, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  admin.on('error', () => {});
  await admin.ping();
  // Without a password there is no login to forget: from here on only tokens, and this connection, get in.
  await admin.call('ACL', 'SETUSER', 'default', 'off');
  const forget = keepTimeOf(() => admin.ping());
  const timers = new Set<NodeJS.Timeout>();
  const state = { tokens: 0, cuts: 0 };
  const expire = async (user: string): Promise<void> => {
    const clients = String(await admin.client('LIST'));
    state.cuts += clients.split('\n').filter((client) => client.includes(` user=${user} `)).length;
    await admin.call('ACL', 'DELUSER', user);
  };
  const requestToken = async (): Promise<Token> => {
    const value = `token-${++state.tokens}`;
    await admin.call('ACL', 'SETUSER', value, 'on', `>${value}`, '~*', '&*', '+@all');
    const obtainedAt = Date.now();
    timers.add(setTimeout(() => void expire(value), lifetimeMs));
    return { value, obtainedAt, expiresAt: obtainedAt + lifetimeMs };
  };
  const manager = createTokenManager(
    { requestToken },
    { username: ({ value }) => value, refresh: { minIntervalMs: 20 }, clock: clockOfTests() },
  );
  const close = async (): Promise<void> => {
    manager.close();
    forget();
    for (const timer of timers) clearTimeout(timer);
    admin.disconnect();
    await server.close();
  };
  return {
    host,
    port,
    manager,
    get tokens() {
      return state.tokens;
    },
    get cuts() {
      return state.cuts;
    },
    [Symbol.asyncDispose]: close,
  };
}
