import { type BenchClient, type ClientName, connector, type Login, managerOf } from './clients.ts';
import { heapUsed } from './reauthentication.ts';

export interface MemoryOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly adapter: boolean;
  readonly connections: number;
}

/** Bytes of heap for each connected client. */
export async function memoryPerConnection({ client, login, adapter, connections }: MemoryOptions): Promise<number> {
  const manager = adapter ? managerOf(login) : undefined;
  const connect = connector(client, login, manager);
  const open: BenchClient[] = [];
  // What is made once, compiled code for the most part, is there before it counts.
  for (let i = 0; i < connections / 2; i += 1) open.push(await connect());
  const before = heapUsed();
  for (let i = 0; i < connections; i += 1) open.push(await connect());
  const bytes = (heapUsed() - before) / connections;
  for (const each of open) await each.close();
  return bytes;
}
