import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientSecretCredential } from '@azure/identity';
import { startCache, startEntra, type WireEntry } from '@entra-redis/emulator';
import { withEntra } from '@entra-redis/ioredis';
import { entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

/** What happened; instants are seconds since the first token was asked for. */
export interface Run {
  readonly lifetimeS: number;
  readonly endS: number;
  readonly outage: { readonly fromS: number; readonly toS: number };
  readonly requests: readonly { readonly atS: number; readonly ok: boolean }[];
  readonly tokens: readonly { readonly fromS: number; readonly toS: number }[];
  readonly connections: readonly {
    readonly name: string;
    /** Index of the token, and when the cache took it. */
    readonly logins: readonly { readonly atS: number; readonly token: number }[];
  }[];
  readonly commands: number;
  readonly failed: number;
  readonly cut: number;
}

const lifetimeMs = 30_000;
const outageMs = { from: 36_000, to: 46_000 };
const endMs = 75_000;
const ioredisClients = 6;

/** A real run: the real `@azure/identity`, both clients, an identity provider that is away for a while. */
export async function record(): Promise<Run> {
  await using entra = await startEntra({ lifetimeMs });
  await using cache = await startCache({ verifier: entra.verifier, record: 'all' });
  const credential = new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, {
    authorityHost: entra.authorityHost,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: entra.ca },
    retryOptions: { maxRetries: 0 },
  });
  const manager = createTokenManager(credential);
  const startAt = Date.now();
  const clients = await openClients(manager, cache);
  const load = startLoad(clients);
  await delay(startAt + outageMs.from - Date.now());
  entra.fail({ kind: 'reset' }, Number.POSITIVE_INFINITY);
  await delay(startAt + outageMs.to - Date.now());
  entra.heal();
  await delay(startAt + endMs - Date.now());
  const { commands, failed } = await load.stop();
  const seconds = (at: number): number => Math.round((at - startAt) / 10) / 100;
  const run: Run = {
    lifetimeS: lifetimeMs / 1000,
    endS: endMs / 1000,
    outage: { fromS: outageMs.from / 1000, toS: outageMs.to / 1000 },
    requests: entra.requests.map(({ at, outcome }) => ({ atS: seconds(at), ok: outcome === 'token' })),
    ...readTimeline(cache.timeline.entries, seconds),
    commands,
    failed,
  };
  for (const { close } of clients) close();
  manager.close();
  return run;
}

interface Client {
  readonly command: () => Promise<unknown>;
  readonly close: () => void;
}

async function openClients(manager: TokenManager, { host, port }: { host: string; port: number }): Promise<Client[]> {
  const clients: Client[] = [];
  for (let index = 1; index <= ioredisClients; index++) {
    const redis = new Redis(withEntra(manager, { host, port, connectionName: `ioredis ${index}` }));
    await once(redis, 'ready');
    clients.push({ command: () => redis.incr('count'), close: () => redis.disconnect() });
  }
  const blocked = new Redis(withEntra(manager, { host, port, connectionName: 'ioredis, BLPOP' }));
  clients.push({ command: () => blocked.blpop('jobs', 2), close: () => blocked.disconnect() });
  const subscriber = new Redis(withEntra(manager, { host, port, connectionName: 'ioredis, subscriber' }));
  await subscriber.subscribe('news');
  const options = { socket: { host, port }, name: 'node-redis' };
  const client = createClient({ ...options, credentialsProvider: entraCredentials(manager) });
  await client.on('error', () => undefined).connect();
  clients.push({ command: () => client.incr('count'), close: () => client.destroy() });
  clients.push({ command: () => client.publish('news', 'new'), close: () => subscriber.disconnect() });
  return clients;
}

/** Commands one after the other on each client, with a pause, until it stops. */
function startLoad(clients: readonly Client[]): { stop(): Promise<{ commands: number; failed: number }> } {
  const state = { commands: 0, failed: 0, stopped: false };
  const loops = clients.map(async ({ command }) => {
    while (!state.stopped) {
      await command().catch(() => (state.failed += 1));
      state.commands += 1;
      await delay(20);
    }
  });
  return {
    async stop() {
      state.stopped = true;
      await Promise.all(loops);
      return state;
    },
  };
}

type FromTimeline = Pick<Run, 'tokens' | 'connections' | 'cut'>;

function readTimeline(entries: readonly WireEntry[], seconds: (at: number) => number): FromTimeline {
  const tokens = new Map<string, { fromS: number; toS: number }>();
  const names = new Map<number, string>();
  const logins = new Map<number, { atS: number; token: number }[]>();
  for (const { event, at, connection, login, args = [] } of entries) {
    const named = args.findIndex((arg) => arg.toUpperCase() === 'SETNAME');
    if (event === 'command' && named > 0) names.set(connection, args[named + 1] ?? '');
    if (event !== 'login' || login === undefined) continue;
    const life = { fromS: seconds(login.expiresAt - lifetimeMs), toS: seconds(login.expiresAt) };
    if (!tokens.has(login.token)) tokens.set(login.token, life);
    const own = logins.get(connection) ?? [];
    own.push({ atS: seconds(at), token: [...tokens.keys()].indexOf(login.token) });
    logins.set(connection, own);
  }
  return {
    tokens: [...tokens.values()],
    connections: [...logins].map(([connection, own]) => ({ name: names.get(connection) ?? '', logins: own })),
    cut: entries.filter(({ event }) => event === 'expired').length,
  };
}
