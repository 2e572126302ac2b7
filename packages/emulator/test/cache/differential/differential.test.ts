import { type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataCommands } from '../../../src/cache/commands/table.ts';
import { startCache } from '../../../src/cache/start-cache.ts';
import type { CacheServer } from '../../../src/types.ts';
import { passwords, plain, RawClient, until } from '../helpers.ts';
import { replay, type Script } from './replay.ts';
import { collectionScripts } from './scripts/collections.ts';
import { connectionScripts } from './scripts/connections.ts';
import { listScripts } from './scripts/lists.ts';
import { sentinelScripts } from './scripts/sentinel.ts';
import { streamScripts } from './scripts/streams.ts';
import { stringScripts } from './scripts/strings.ts';
import { clusterScripts, pubsubScripts, transactionScripts } from './scripts/transactions.ts';

/** Commands that cannot be compared by a script, and why. */
const notCompared: Readonly<Record<string, string>> = {
  'client|setinfo': 'Redis 7.0 does not know it; newer clients send it',
  'client|no-touch': 'Redis 7.0 does not know it; newer clients send it',
  'client|maint_notifications': 'Redis Enterprise alone knows it; maintenance.test.ts has it',
  'client|help': 'the text is for people',
  'cluster|nodes': 'one text with times; cluster.test.ts reads it through the clients',
  'cluster|info': 'counters of gossip, which the fake has not',
  'command|count': 'the fake knows fewer commands',
  'command|list': 'the fake knows fewer commands',
  'command|docs': 'the fake has no documentation',
  'command|info': 'compared row by row below',
};

const standalone: readonly Script[] = [
  ...stringScripts,
  ...listScripts,
  ...collectionScripts,
  ...streamScripts,
  ...connectionScripts,
  ...transactionScripts,
  ...pubsubScripts,
];

function compare(
  servers: () => { fake: { readonly port: number }; real: RedisServer },
  scripts: readonly Script[],
): void {
  describe.each([2, 3] as const)('RESP%i', (resp) => {
    it.each(scripts)('$name', async (script) => {
      const { fake, real } = servers();
      const [ours, theirs] = [await replay(fake.port, resp, script), await replay(real.port, resp, script)];
      expect(ours).toEqual(theirs);
    });
  });
}

describe('the fake answers as redis-server does', () => {
  let fake: CacheServer;
  let real: RedisServer;
  beforeAll(async () => {
    real = await startRedisServer({ args: ['--requirepass', 'secret'] });
    fake = await startCache({ verifier: defaultOnly });
  });
  afterAll(async () => {
    await fake?.close();
    await real?.close();
  });

  compare(() => ({ fake, real }), standalone);

  it('describes its commands as redis-server does', async () => {
    const rows = await Promise.all([commandRows(fake.port), commandRows(real.port)]);
    expect(rows[0]).toEqual(rows[1]);
  });
});

describe('the fake cluster answers as redis-server does', () => {
  let fake: CacheServer;
  let real: RedisServer;
  beforeAll(async () => {
    real = await startRedisServer({
      cluster: true,
      args: ['--requirepass', 'secret', '--cluster-announce-ip', '127.0.0.1'],
    });
    const client = new RawClient(real.port);
    await client.call('AUTH', 'secret');
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(plain(await client.call('CLUSTER', 'INFO'))).includes('cluster_state:ok'));
    client.close();
    fake = await startCache({ verifier: defaultOnly, cluster: { masters: 1 } });
  });
  afterAll(async () => {
    await fake?.close();
    await real?.close();
  });

  compare(() => ({ fake, real }), clusterScripts);
});

describe('the fake sentinel answers as redis-server does', () => {
  let fake: CacheServer;
  let master: RedisServer;
  let real: RedisServer;
  beforeAll(async () => {
    master = await startRedisServer({ args: ['--requirepass', 'secret'] });
    real = await startRedisServer({
      sentinelConfig: `sentinel monitor main ${master.host} ${master.port} 1\nsentinel auth-pass main secret\n`,
    });
    fake = await startCache({ verifier: defaultOnly, sentinel: { masterName: 'main' } });
  });
  afterAll(async () => {
    await fake?.close();
    await real?.close();
    await master?.close();
  });

  compare(() => ({ fake: fake.sentinels[0] ?? fake, real }), sentinelScripts);
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
  const known = [...dataCommands.values()].flatMap((row) =>
    [...(row.subcommands?.values() ?? [row])].map((one) => one.name),
  );
  expect(known.filter((name) => !used.has(name) && notCompared[name] === undefined)).toEqual([]);
  expect(Object.keys(notCompared).filter((name) => !known.includes(name))).toEqual([]);
});

const notInRedis7: ReadonlySet<string> = new Set(['client|setinfo', 'client|no-touch', 'client|maint_notifications']);

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
  const names = rowsOfFake.map((row) => row.name).filter((name) => !notInRedis7.has(name));
  const rows = plain(await client.call('COMMAND', 'INFO', ...names));
  client.close();
  if (!Array.isArray(rows)) return rows;
  return rows.map((row: unknown) => {
    if (!Array.isArray(row)) return row;
    const flags: unknown[] = Array.isArray(row[2]) ? row[2] : [];
    return [row[0], row[1], flags.filter((flag) => compared.has(String(flag))).sort(byName), row[3], row[4], row[5]];
  });
}
