import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startRedisServer } from '../src/index.ts';
import { portToTry } from '../src/start.ts';
import { asked } from './support.ts';

/** A port on which somebody else listens. */
async function takenPort(): Promise<number> {
  const somebody = createServer().listen(0, '127.0.0.1');
  await once(somebody, 'listening');
  onTestFinished(() => void somebody.close());
  return (somebody.address() as AddressInfo).port;
}

/** Those, and then any. */
function inTurn(first: readonly number[]): { readonly tried: number[]; readonly choosePort: () => number } {
  const left = [...first];
  const tried: number[] = [];
  const choosePort = (): number => {
    const port = left.shift() ?? portToTry();
    tried.push(port);
    return port;
  };
  return { tried, choosePort };
}

test('a server whose port is taken gets another one', async () => {
  const taken = await takenPort();
  const { tried, choosePort } = inTurn([taken, taken]);
  await using server = await startRedisServer({ choosePort });
  expect(tried.slice(0, 2)).toEqual([taken, taken]);
  expect(server.port).toBe(tried.at(-1));
  expect(server.port).not.toBe(taken);
  expect(await asked(server, (client) => client.ping())).toBe('PONG');
});

test('a node of a cluster whose bus port is taken gets others', async () => {
  const taken = await takenPort();
  const { tried, choosePort } = inTurn([portToTry(), taken]);
  await using server = await startRedisServer({ cluster: true, choosePort });
  expect([server.port, server.busPort]).toEqual(tried.slice(-2));
  expect(server.busPort).not.toBe(taken);
  expect(await asked(server, (client) => client.info('cluster'))).toContain('cluster_enabled:1');
});

test('many at once have a port each', async () => {
  const few = [20_011, 20_012, 20_013];
  let next = 0;
  const choosePort = (): number => few[next++] ?? portToTry();
  const servers = await Promise.all(Array.from({ length: 6 }, () => startRedisServer({ choosePort })));
  onTestFinished(() => Promise.all(servers.map((server) => server.close())).then(() => undefined));
  expect(new Set(servers.map(({ port }) => port)).size).toBe(6);
});

test('where every port is taken the error names the last one, and why', async () => {
  const taken = await takenPort();
  await expect(startRedisServer({ choosePort: () => taken })).rejects.toThrow(
    new RegExp(`on port ${taken} did not start: .*${taken}`, 's'),
  );
});

test('ports are not those that a system hands out by itself', () => {
  const ports = Array.from({ length: 1000 }, portToTry);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThan(10_000);
});
