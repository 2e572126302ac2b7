import { setTimeout as delay } from 'node:timers/promises';
import { createTokenManager, systemClock } from '@entra-redis/token-manager';
import { createClient } from 'redis';
import { type BenchClient, type ClientName, connector, type Login } from './clients.ts';
import { watchTurns } from './turns.ts';

export interface LostTokensOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly adapter: boolean;
  readonly connections: number;
}

const hour = 3_600_000;
const outageMs = 2000;
const batch = 50;

/** The server has it as the user's second password. */
const nextToken = ({ password }: Login): string => `${password}-next`;

/** Its token can be taken away: the clock passes its end, and no other comes while the provider is down. */
function losableToken(login: Login) {
  let value = login.password;
  let aheadMs = 0;
  let isDown = false;
  const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const requestToken = async () => {
    if (isDown) throw new Error('Entra is down');
    return { value, obtainedAt: clock.now(), expiresAt: clock.now() + hour };
  };
  const manager = createTokenManager({ requestToken }, { username: login.username, clock, retry: { maxDelayMs: 500 } });
  // Or the outage would be a process warning, too.
  manager.subscribe(() => undefined);
  return {
    manager,
    lose: () => {
      isDown = true;
      aheadMs = hour;
      value = nextToken(login);
    },
    heal: () => {
      isDown = false;
    },
  };
}

async function closeAll(login: Login): Promise<void> {
  const { host, port, username, password } = login;
  const server = createClient({ socket: { host, port }, username, password });
  await server.connect();
  await server.sendCommand(['ACL', 'SETUSER', username, `>${nextToken(login)}`]);
  await server.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal']);
  server.destroy();
}

/** In batches: what the loop itself takes is no part of the figure. */
async function inBatches<Item, Result>(items: readonly Item[], call: (item: Item) => Promise<Result>) {
  const results: Promise<Result>[] = [];
  for (let from = 0; from < items.length; from += batch) {
    results.push(...items.slice(from, from + batch).map(call));
    await new Promise(setImmediate);
  }
  return await Promise.all(results);
}

/**
 * The longest turn of the event loop, ms, from the instant at which the server closes all connections, because their token has expired in
 * an outage, until each has answered a command after it. `adapter: false`: the same with a static password.
 */
export async function lostTokensTurn({ client, login, adapter, connections }: LostTokensOptions): Promise<number> {
  const token = losableToken(login);
  const connect = connector(client, login, adapter ? 'adapter' : 'password', { manager: token.manager });
  const clients: BenchClient[] = [];
  for (let i = 0; i < connections; i += 1) clients.push(await connect());
  token.lose();
  globalThis.gc?.();
  const longestTurn = watchTurns();
  await closeAll(login);
  await delay(outageMs);
  token.heal();
  await inBatches(clients, (each) => each.get('key'));
  const longest = longestTurn();
  await Promise.all(clients.map((each) => each.close()));
  token.manager.close();
  return longest;
}
