import { type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import { until } from '@entra-redis/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataCommands } from '../../../src/cache/commands/table.ts';
import { startCache } from '../../../src/cache/start-cache.ts';
import type { CacheOptions, CacheServer } from '../../../src/types.ts';
import { passwords, plain, RawClient, untilBlocked, untilBlocking } from '../helpers.ts';
import { replay, type Script, type Server } from './replay.ts';
import { connectionScripts } from './scripts/connections.ts';
import { dataScripts } from './scripts/data.ts';
import { sentinelScripts } from './scripts/sentinel.ts';
import { clusterScripts, pubsubScripts, transactionScripts } from './scripts/transactions.ts';

/** Commands that cannot be compared by a script, and why. */
const notCompared: Readonly<Record<string, string>> = {
  'client|setinfo': 'Redis 7.0 does not know it; newer clients send it',
  'client|maint_notifications': 'Redis Enterprise alone knows it; maintenance.test.ts has it',
  'cluster|nodes': 'one text with times; cluster.test.ts reads it through the clients',
  'cluster|info': 'counters of gossip, which the fake has not',
  command: 'compared row by row below',
};

const standalone: readonly Script[] = [...dataScripts, ...connectionScripts, ...transactionScripts, ...pubsubScripts];

/** The fake: one for each script, so that it has no keys. */
function fakeOf(cache: CacheServer, { port }: { readonly port: number } = cache): Server {
  return {
    port,
    empty: () => Promise.resolve(),
    untilBlocked: (id) => untilBlocking(cache, id),
  };
}

function realOf({ port }: RedisServer): Server {
  const observed = async (task: (observer: RawClient) => Promise<unknown>): Promise<void> => {
    const observer = new RawClient(port);
    await observer.call('AUTH', 'secret');
    await task(observer);
    observer.close();
  };
  return {
    port,
    empty: () => observed((observer) => observer.call('FLUSHALL')),
    untilBlocked: (id) => observed((observer) => untilBlocked(observer, id)),
  };
}

function compare(
  real: () => RedisServer,
  options: Omit<CacheOptions, 'verifier'>,
  scripts: readonly Script[],
  endpoint: (cache: CacheServer) => { readonly port: number } = (cache) => cache,
): void {
  describe.each([2, 3] as const)('RESP%i', (resp) => {
    it.each(scripts)('$name', async (script) => {
      await using fake = await startCache({ verifier: defaultOnly, ...options });
      const ours = await replay(fakeOf(fake, endpoint(fake)), resp, script);
      expect(ours).toEqual(await replay(realOf(real()), resp, script));
    });
  });
}

describe('the fake answers as redis-server does', () => {
  let real: RedisServer;
  beforeAll(async () => {
    real = await startRedisServer({ args: ['--requirepass', 'secret'] });
  });
  afterAll(() => real?.close());

  compare(() => real, {}, standalone);

  it('describes its commands as redis-server does', async () => {
    await using fake = await startCache({ verifier: defaultOnly });
    const rows = await Promise.all([commandRows(fake.port), commandRows(real.port)]);
    expect(rows[0]).toEqual(rows[1]);
  });
});

describe('the fake cluster answers as redis-server does', () => {
  let real: RedisServer;
  beforeAll(async () => {
    real = await startRedisServer({
      cluster: true,
      args: ['--requirepass', 'secret'],
    });
    const client = new RawClient(real.port);
    await client.call('AUTH', 'secret');
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(plain(await client.call('CLUSTER', 'INFO'))).includes('cluster_state:ok'));
    client.close();
  });
  afterAll(() => real?.close());

  compare(() => real, { cluster: { masters: 1 } }, clusterScripts);
});

describe('the fake sentinel answers as redis-server does', () => {
  let master: RedisServer;
  let real: RedisServer;
  beforeAll(async () => {
    master = await startRedisServer({ args: ['--requirepass', 'secret'] });
    real = await startRedisServer({
      sentinelConfig: `sentinel monitor main ${master.host} ${master.port} 1\nsentinel auth-pass main secret\n`,
    });
  });
  afterAll(async () => {
    await real?.close();
    await master?.close();
  });

  const sentinel = { masterName: 'main' };
  compare(
    () => real,
    { sentinel },
    sentinelScripts,
    (cache) => cache.sentinels[0] ?? cache,
  );
});

it('every command that the fake knows is compared, or a reason is given', () => {
  const steps = [...standalone, ...clusterScripts].flatMap((script) => script.steps);
  const words = steps.map((step) =>
    step
      .replace(/^(@\d )?(x\d )?/, '')
      .toLowerCase()
      .split(' '),
  );
  const used = new Set(words.flatMap(([name = '', sub = '']) => [name, `${name}|${sub}`]));
  const rows = [...dataCommands.values()].flatMap(({ subcommands, ...row }) =>
    subcommands === undefined || subcommands.size === 0 ? [row] : [...subcommands.values()],
  );
  const known = rows.map(({ name }) => name);
  expect(known.filter((name) => !used.has(name) && notCompared[name] === undefined)).toEqual([]);
  expect(Object.keys(notCompared).filter((name) => !known.includes(name))).toEqual([]);
});

const notInRedis7: ReadonlySet<string> = new Set(['client|setinfo', 'client|maint_notifications']);

/** As the real server in these tests: one user, one password. */
const defaultOnly: typeof passwords = {
  verify: (username, password) =>
    username === 'default'
      ? passwords.verify(username, password)
      : Promise.resolve({ ok: false, reason: 'no such user' }),
};

const compared: ReadonlySet<string> = new Set(
  'write readonly fast blocking no_auth pubsub movablekeys denyoom noscript admin loading stale'
    .split(' ')
    .map((flag) => `+${flag}`),
);
const byName = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

/** Name, arity, key positions and whether it writes or blocks, of every command of the fake that Redis 7.0 has. */
async function commandRows(port: number): Promise<unknown> {
  const client = new RawClient(port);
  await client.call('AUTH', 'secret');
  const rowsOfFake = [...dataCommands.values()].flatMap((row) => [row, ...(row.subcommands?.values() ?? [])]);
  const names = new Set(rowsOfFake.map((row) => row.name).filter((name) => !notInRedis7.has(name)));
  const all = plain(await client.call('COMMAND')) as unknown[][];
  client.close();
  const rows = all.flatMap((row) => [row, ...((row[9] as unknown[][] | undefined) ?? [])]);
  const known = rows.filter(([name]) => names.has(String(name)));
  return known
    .map(([name, arity, flags, ...positions]) => {
      const shown = (flags as unknown[]).filter((flag) => compared.has(String(flag))).sort(byName);
      return [name, arity, shown, ...positions.slice(0, 3)];
    })
    .sort(([one], [other]) => byName(one, other));
}
