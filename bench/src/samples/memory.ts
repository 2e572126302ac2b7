import { type BenchClient, type ClientName, connector, type Login, type LoginBy } from './clients.ts';
import { heapUsed } from './reauthentication.ts';

export interface MemoryOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly loginBy: LoginBy;
  readonly connections: number;
}

/** Bytes of heap for each connected client. */
export async function memoryPerConnection({ client, login, loginBy, connections }: MemoryOptions): Promise<number> {
  const connect = connector(client, login, loginBy);
  const open: BenchClient[] = [];
  // What is made once, compiled code for the most part, is there before it counts: with half as many, 240 bytes of each were code.
  for (let i = 0; i < 2 * connections; i += 1) open.push(await connect());
  const before = heapUsed();
  for (let i = 0; i < connections; i += 1) open.push(await connect());
  const bytes = (heapUsed() - before) / connections;
  for (const each of open) await each.close();
  return bytes;
}
