import { type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import { until } from '@entra-redis/test-support';
import { afterEach, expect, test } from 'vitest';
import { startGate } from '../../src/gate/start-gate.ts';
import { itemsOf, type Reply } from '../../src/resp/reply.ts';
import { passwords, plain, RawClient } from '../cache/helpers.ts';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of started.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const rewriteAddress = (host: string, port: number) => ({ host: `gate-of-${host}`, port: port + 1 });

async function behindGate(args: readonly string[] = []): Promise<{ redis: RedisServer; client: RawClient }> {
  const redis = await startRedisServer({ args });
  started.push(redis);
  const gate = await startGate({ verifier: passwords, upstream: redis, rewriteAddress });
  started.push(gate);
  const client = new RawClient(gate.port);
  await client.call('AUTH', 'oid', 'secret');
  return { redis, client };
}

test('ROLE and INFO of a real master and its replica name the gates', async () => {
  const master = await behindGate(['--repl-diskless-sync-delay', '0']);
  const to = String(master.redis.port + 1);
  const replica = await behindGate(['--replicaof', `127.0.0.1 ${master.redis.port}`]);
  const role = async (): Promise<unknown[]> => plain(await master.client.call('ROLE')) as unknown[];
  // The replica is listed as soon as it is in step.
  await until(async () => (await role())[2]?.toString() !== '');
  expect(await role()).toEqual([
    'master',
    expect.any(Number),
    [['gate-of-127.0.0.1', String(replica.redis.port + 1), expect.any(String)]],
  ]);
  expect(plain(await master.client.call('INFO', 'replication'))).toContain(
    `slave0:ip=gate-of-127.0.0.1,port=${replica.redis.port + 1},`,
  );
  expect(plain(await replica.client.call('ROLE'))).toEqual([
    ...['slave', 'gate-of-127.0.0.1', Number(to), expect.any(String), expect.any(Number)],
  ]);
  await replica.client.call('HELLO', '3');
  const info = await replica.client.call('INFO');
  const text = Buffer.isBuffer(info) ? info.toString() : (info as { text: string }).text;
  expect(text).toContain(`master_host:gate-of-127.0.0.1\r\nmaster_port:${to}\r\n`);
  master.client.close();
  replica.client.close();
});

const textOf = (message: Reply): string => String(itemsOf(message)?.at(-1));

test.each([2, 3])('RESP%i: a subscriber is told of the gate of a new master', async (version) => {
  const { redis, client } = await behindGate();
  const publisher = new RawClient(redis.port);
  await client.call('HELLO', String(version));
  await client.call('SUBSCRIBE', '+switch-master', 'news');
  await client.next();
  await publisher.call('PUBLISH', '+switch-master', 'mymaster a 1 b 2');
  expect(textOf(await client.next())).toBe('mymaster gate-of-a 2 gate-of-b 3');
  await publisher.call('PUBLISH', 'news', 'mymaster a 1 b 2');
  expect(textOf(await client.next())).toBe('mymaster a 1 b 2');
  publisher.close();
  client.close();
});
