import { startCache, startGate } from '@entra-redis/emulator';
import { accepting } from '../residents/cache.ts';
import { sampled } from '../processes/take-sample.ts';
import type { Login } from '../samples/clients.ts';
import type { Metric } from '../figures/types.ts';
import { startRedis } from './servers.ts';

/** GETs, 100 at a time, by ioredis in a process of its own. */
const throughput = (login: Login, quick: boolean): Promise<number> =>
  sampled('hot-path', {
    client: 'ioredis',
    login,
    adapter: false,
    mode: 'pipelined',
    gets: quick ? 400 : 100_000,
    warmUp: 25_000,
  });

export const gateThroughput: Metric = {
  name: 'emulator/gate-throughput',
  unit: 'GET/s, 100 at a time',
  peerName: 'redis-server without the gate',
  goal: '>= 0.5',
  async start(quick) {
    const server = await startRedis();
    const { host, port, username, password } = server.login;
    const gate = await startGate({
      verifier: accepting,
      upstream: { host, port, username, password },
      record: 'logins',
    });
    return {
      ours: () => throughput({ ...server.login, port: gate.port }, quick),
      peer: () => throughput(server.login, quick),
      close: async () => {
        await gate.close();
        await server.close();
      },
    };
  },
};

export const cacheThroughput: Metric = {
  name: 'emulator/cache-throughput',
  unit: 'GET/s, 100 at a time',
  peerName: 'redis-server',
  goal: 'recorded',
  async start(quick) {
    const server = await startRedis();
    const cache = await startCache({ verifier: accepting, record: 'logins' });
    return {
      ours: () => throughput({ ...server.login, port: cache.port }, quick),
      peer: () => throughput(server.login, quick),
      close: async () => {
        await cache.close();
        await server.close();
      },
    };
  },
};
