import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, connect } from 'node:net';
import type { Login } from '../samples/clients.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const ready = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface Server {
  readonly login: Login;
  close(): Promise<void>;
}

/** A real redis-server with one user, whose password is made like a token. */
export async function startRedis(): Promise<Server> {
  const program = process.env['REDIS_SERVER'];
  if (!program) throw new Error('No redis-server: set REDIS_SERVER to the path of one.');
  const login = { host: '127.0.0.1', port: await freePort(), username: 'bench', password: 'x'.repeat(1200) };
  const user = `user ${login.username} on >${login.password} ~* &* +@all`;
  const args = ['--port', String(login.port), '--bind', login.host, '--save', '', '--appendonly', 'no'];
  const child = spawn(program, [...args, '--user', ...user.split(' ').slice(1)], { stdio: 'ignore' });
  await listening(login.port);
  return {
    login,
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
