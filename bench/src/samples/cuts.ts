import { setTimeout as delay } from 'node:timers/promises';
import { entraCredentials } from '@entra-redis/node-redis';
import { createClient } from 'redis';
import { type Login, managerOf } from './clients.ts';

export interface CutOptions {
  readonly login: Login;
  readonly adapter: boolean;
  readonly cuts: number;
}

/** Commands that node-redis rejects while a server closes its connection again and again, of an application that never stops. */
export async function rejectedOnCuts({ login, adapter, cuts }: CutOptions): Promise<number> {
  const { host, port, username, password } = login;
  const socket = { host, port, reconnectStrategy: () => 5 };
  const credentials = adapter ? { credentialsProvider: entraCredentials(managerOf(login)) } : { username, password };
  const client = createClient({ socket, maintNotifications: 'disabled', ...credentials });
  client.on('error', () => undefined);
  await client.connect();
  const server = createClient({ socket: { host, port }, username, password });
  await server.connect();
  let rejected = 0;
  const sent: Promise<void>[] = [];
  const onRejected = (): void => {
    rejected += 1;
  };
  const timer = setInterval(() => sent.push(client.get('key').then(() => undefined, onRejected)), 1);
  for (let done = 0; done < cuts; done += 1) {
    // Not in step with the commands.
    await delay(30 + (done % 7));
    await server.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal']);
  }
  clearInterval(timer);
  await Promise.all(sent);
  client.destroy();
  server.destroy();
  return rejected;
}
