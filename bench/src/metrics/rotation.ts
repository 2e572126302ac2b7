import { startRedisServer } from '@entra-redis/redis-server';
import { type Figure, figuresOf, type Samples } from '../figures/figures.ts';
import { type Resident, startResident } from '../processes/start-resident.ts';
import type { Rotation } from '../residents/rotating.ts';
import type { ClientName } from '../samples/clients.ts';
import type { Metric } from '../figures/types.ts';

interface Server {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** One real server for both sides. */
async function realServers(): Promise<readonly Server[]> {
  const server = await startRedisServer({ args: ['--user', 'bench', 'on', 'nopass', '~*', '&*', '+@all'] });
  return [server];
}

/** A fake cache for each side: a process may hold 20,000 sockets. */
async function fakeCaches(): Promise<readonly Server[]> {
  return await Promise.all(
    Array.from({ length: 2 }, async () => {
      const cache = await startResident('accepting-cache', {});
      return { ...(await cache.run()), close: () => cache.close() };
    }),
  );
}

interface Scale {
  readonly connections: number;
  readonly servers: () => Promise<readonly Server[]>;
}

async function start(client: ClientName, { connections, servers }: Scale, quick: boolean): Promise<Samples<Rotation>> {
  const started = await servers();
  const [first, last] = [started[0] as Server, started.at(-1) as Server];
  const common = {
    client,
    connections: quick ? 20 : connections,
    sliceMs: quick ? 200 : 4000,
    quietMs: quick ? 200 : 4000,
  };
  const resident = (side: 'ours' | 'at-once', { host, port }: Server): Promise<Resident<Rotation>> =>
    startResident('rotating', { ...common, side, host, port });
  const ours = await resident('ours', first);
  const peer = await resident('at-once', last);
  return {
    ours: () => ours.run(),
    peer: () => peer.run(),
    close: async () => {
      await ours.close();
      await peer.close();
      for (const each of started) await each.close();
    },
  };
}

function rotation(client: ClientName, suffix: string, scale: Scale): Metric[] {
  const peerName = client === 'ioredis' ? 'AUTH on all clients at once' : '@redis/entraid: AUTH on all clients at once';
  const over = `${scale.connections.toLocaleString('en-US')} connections`;
  const figure = (name: string, unit: string, goal: string, pick: Figure<Rotation>['pick']): Figure<Rotation> => ({
    name: `rotation/${client}/${name}${suffix}`,
    unit,
    peerName,
    goal,
    pick,
  });
  return figuresOf(
    (quick) => start(client, scale, quick),
    [
      figure(
        'p99',
        `times the p99 of a quiet period; ${over}`,
        'ours <= 1.2',
        ({ quiet, rotating }) => rotating.p99 / quiet.p99,
      ),
      figure('max', 'times the worst of a quiet period', 'recorded', ({ quiet, rotating }) => rotating.max / quiet.max),
      figure('p99-ms', 'ms, during a rotation', 'recorded', ({ rotating }) => rotating.p99),
      figure('max-ms', 'ms, during a rotation', 'recorded', ({ rotating }) => rotating.max),
      figure(
        'longest-turn-ms',
        'ms of CPU without a look at the sockets, during a rotation',
        'recorded',
        ({ rotating }) => rotating.longestTurn,
      ),
      figure('quiet-p99-ms', 'ms, in the quiet period before', 'recorded', ({ quiet }) => quiet.p99),
    ],
  );
}

const thousand: Scale = { connections: 1000, servers: realServers };
const tenThousand: Scale = { connections: 10_000, servers: fakeCaches };

export const rotations: readonly Metric[] = [
  ...rotation('ioredis', '', thousand),
  ...rotation('node-redis', '', thousand),
  ...rotation('ioredis', '-10000', tenThousand),
  ...rotation('node-redis', '-10000', tenThousand),
];
