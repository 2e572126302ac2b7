import { instructionsOf } from '../processes/count-instructions.ts';
import { sampled } from '../processes/take-sample.ts';
import { type Resident, startResident } from '../processes/start-resident.ts';
import type { ClientName, LoginBy } from '../samples/clients.ts';
import type { Metric } from '../figures/types.ts';
import { startRedis } from './servers.ts';

const clients: readonly ClientName[] = ['ioredis', 'node-redis'];

const processes = 9;
const runsOfProcess = 20;

/** A new process now and then: how one compiled the client is its own, by a few percent. */
function renewed(start: () => Promise<Resident<number>>): Resident<number> {
  let resident: Resident<number> | undefined;
  let runs = 0;
  return {
    async run() {
      if (runs % runsOfProcess === 0) {
        await resident?.close();
        resident = await start();
      }
      runs += 1;
      return await (resident as Resident<number>).run();
    },
    close: async () => await resident?.close(),
  };
}

const hotPath = (client: ClientName, mode: 'sequential' | 'pipelined'): Metric => ({
  name: `hot-path/${client}/${mode}`,
  unit: 'GET/s',
  peerName: 'the bare client with a static password',
  goal: '>= 0.99',
  // Each of a fraction of a second, because a percent is looked for: what else the machine does then meets both sides.
  runs: processes * runsOfProcess,
  async start(quick) {
    const server = await startRedis();
    const gets = quick ? 400 : mode === 'sequential' ? 1000 : 10_000;
    const common = { client, login: server.login, mode, gets, warmUp: 5 * gets } as const;
    const ours = renewed(() => startResident('getting', { ...common, adapter: true }));
    const peer = renewed(() => startResident('getting', { ...common, adapter: false }));
    return {
      ours: () => ours.run(),
      peer: () => peer.run(),
      close: async () => {
        await ours.close();
        await peer.close();
        await server.close();
      },
    };
  },
});

/** The difference of two runs, which leaves out the start of the process and what the compiler does in the beginning. */
const instructions = (client: ClientName, mode: 'sequential' | 'pipelined'): Metric => ({
  name: `hot-path/${client}/${mode}-instructions`,
  unit: 'instructions per GET',
  peerName: 'the bare client with a static password',
  goal: '<= 1.01',
  runs: 1,
  async start(quick) {
    const server = await startRedis();
    const warmUp = quick ? 100 : 100_000;
    const [few, many] = quick ? [100, 200] : [10_000, 50_000];
    const count = async (adapter: boolean): Promise<number> => {
      const common = { client, login: server.login, mode, warmUp, adapter, unlimited: true };
      const first = await instructionsOf('hot-path', { ...common, gets: few });
      return ((await instructionsOf('hot-path', { ...common, gets: many })) - first) / (many - few);
    };
    return { ours: () => count(true), peer: () => count(false), close: () => server.close() };
  },
});

type Compared = Pick<Metric, 'name' | 'peerName' | 'goal'> & { readonly client: ClientName; readonly peer: LoginBy };

const memory = ({ client, peer, ...metric }: Compared): Metric => ({
  ...metric,
  unit: 'bytes of heap',
  async start(quick) {
    const server = await startRedis();
    const common = { client, login: server.login, connections: quick ? 10 : 1000 } as const;
    return {
      ours: () => sampled('memory-per-connection', { ...common, loginBy: 'adapter' }),
      peer: () => sampled('memory-per-connection', { ...common, loginBy: peer }),
      close: () => server.close(),
    };
  },
});

export const clientMetrics: readonly Metric[] = [
  ...clients.flatMap((client) => [hotPath(client, 'sequential'), hotPath(client, 'pipelined')]),
  ...clients.flatMap((client) => [instructions(client, 'sequential'), instructions(client, 'pipelined')]),
  memory({
    name: 'memory/ioredis/per-connection',
    client: 'ioredis',
    peer: 'password',
    peerName: 'the bare client',
    goal: 'at most 512 bytes more',
  }),
  memory({
    name: 'memory/node-redis/per-connection',
    client: 'node-redis',
    peer: 'password',
    peerName: 'the bare client',
    goal: 'at most 768 bytes more',
  }),
  memory({
    name: 'memory/node-redis/beside-a-provider',
    client: 'node-redis',
    peer: 'provider',
    peerName: 'the bare client with a provider of a static password',
    goal: 'recorded',
  }),
];
