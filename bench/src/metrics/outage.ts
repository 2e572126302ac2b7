import { figuresOf } from '../figures/figures.ts';
import { sampled } from '../processes/take-sample.ts';
import type { Bridging } from '../samples/bridged-share.ts';
import type { ClientName, Login } from '../samples/clients.ts';
import type { DriverName } from '../samples/drivers.ts';
import type { Metric, Pair } from '../figures/types.ts';
import { startRedis } from './servers.ts';

/** Short enough for the clients' own patience: the command timeout of node-redis 6 is 5 s, ioredis tries 20 times. */
const outageLifeMs = (quick: boolean): number => (quick ? 1000 : 2000);
const subscriberLifeMs = (quick: boolean): number => (quick ? 1000 : 3000);

const throughOutage = (ours: 'ioredis' | 'node-redis', peer: DriverName): Metric[] =>
  figuresOf(
    async (quick) => ({
      ours: () => sampled('outage', { who: ours, lifetimeMs: outageLifeMs(quick) }),
      peer: () => sampled('outage', { who: peer, lifetimeMs: outageLifeMs(quick) }),
    }),
    [
      {
        name: `outage/failed-commands/${ours}`,
        unit: 'failed commands in all runs, of 850 in each; down for 2 lives',
        peerName: peer,
        goal: '0',
        runs: 5,
        summary: 'total',
        pick: ({ failedCommands }) => failedCommands,
      },
      {
        name: `outage/recovery/${ours}`,
        unit: 'ms from the end of an outage that outlasted the token to the first answer; 10,000: none came',
        peerName: peer,
        goal: '<= 1000 ms',
        runs: 5,
        pick: ({ recoveryMs }) => recoveryMs,
      },
    ],
  );

/** A server for each side, because a side closes every connection of its server. */
async function onOwnServers(sample: (login: Login, adapter: boolean) => Promise<number>): Promise<Pair> {
  const servers = [await startRedis(), await startRedis()] as const;
  return {
    ours: () => sample(servers[0].login, true),
    peer: () => sample(servers[1].login, false),
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}

const lostTokensTurn = (client: ClientName): Metric => ({
  name: `outage/longest-turn/${client}`,
  unit: 'ms, the longest turn of the event loop while 1,000 connections lose their token at once and log in again',
  peerName: 'the bare client with a static password',
  goal: '<= 20 ms',
  async start(quick) {
    const connections = quick ? 10 : 1000;
    return await onOwnServers((login, adapter) => sampled('lost-tokens-turn', { client, login, adapter, connections }));
  },
});

/** What node-redis rejects by itself, whoever logs in. */
const rejectedOnCuts: Metric = {
  name: 'outage/rejected-on-cuts/node-redis',
  unit: 'commands rejected in all runs, of a GET every ms, by 100 cuts in each',
  peerName: 'the bare client with a static password',
  goal: 'recorded',
  runs: 5,
  summary: 'total',
  async start(quick) {
    const cuts = quick ? 3 : 100;
    return await onOwnServers((login, adapter) => sampled('rejected-on-cuts', { login, adapter, cuts }));
  },
};

const bridgedShare = (client: 'ioredis' | 'node-redis', peer: Bridging): Metric => ({
  name: `outage/bridged-share/${client}`,
  unit: "share of a token's life of an hour that an outage at the worst moment may last, virtual clock",
  peerName: peer,
  goal: '>= 1',
  runs: 1,
  start: async () => ({
    ours: () => sampled('bridged-share', { who: 'ours' }),
    peer: () => sampled('bridged-share', { who: peer }),
  }),
});

const lostMessages = (ours: 'ioredis' | 'node-redis', peer: DriverName, rttMs: number): Metric => ({
  name: `subscriber/lost/${ours}/resp2${rttMs > 0 ? `-${rttMs}ms` : ''}`,
  unit: `messages lost in all runs, one expiry in each, 2,000 msg/s${rttMs > 0 ? `, ${rttMs} ms added to the round trip` : ''}`,
  peerName: peer,
  goal: '0',
  summary: 'total',
  start: async (quick) => ({
    ours: () => sampled('subscriber-lost', { who: ours, delayMs: rttMs / 2, lifetimeMs: subscriberLifeMs(quick) }),
    peer: () => sampled('subscriber-lost', { who: peer, delayMs: rttMs / 2, lifetimeMs: subscriberLifeMs(quick) }),
  }),
});

export const outages: readonly Metric[] = [
  ...throughOutage('node-redis', '@redis/entraid'),
  ...throughOutage('ioredis', 'the ioredis recipe'),
  rejectedOnCuts,
  lostTokensTurn('node-redis'),
  lostTokensTurn('ioredis'),
  bridgedShare('node-redis', '@redis/entraid'),
  bridgedShare('ioredis', 'the ioredis recipe'),
  ...[0, 20].flatMap((rttMs) => [
    lostMessages('node-redis', '@redis/entraid', rttMs),
    lostMessages('ioredis', 'the ioredis recipe', rttMs),
  ]),
];
