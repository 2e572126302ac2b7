import { startRedisServer } from '@entra-redis/redis-server';
import type { Login } from '../samples/clients.ts';

export interface Server {
  readonly login: Login;
  close(): Promise<void>;
}

/** A real redis-server with one user, whose password is as long as a token. */
export async function startRedis(): Promise<Server> {
  const user = { username: 'bench', password: 'x'.repeat(1200) };
  const args = ['--user', user.username, 'on', `>${user.password}`, '~*', '&*', '+@all'];
  const server = await startRedisServer({ args });
  return { login: { host: server.host, port: server.port, ...user }, close: () => server.close() };
}
