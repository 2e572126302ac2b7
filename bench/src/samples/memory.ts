import { type BenchClient, type ClientName, connected, type Login, managerOf } from './clients.ts';
import { heapUsed } from './coordinator.ts';

export interface MemoryOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly adapter: boolean;
  readonly connections: number;
}

/** Bytes of heap for each connected client. */
export async function memoryPerConnection({ client, login, adapter, connections }: MemoryOptions): Promise<number> {
  const manager = adapter ? managerOf(login) : undefined;
  const open: BenchClient[] = [await connected(client, login, manager)];
  const before = heapUsed();
  for (let i = 0; i < connections; i += 1) open.push(await connected(client, login, manager));
  const bytes = (heapUsed() - before) / connections;
  for (const each of open) await each.close();
  return bytes;
}
