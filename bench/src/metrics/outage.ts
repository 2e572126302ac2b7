import { sampled } from '../processes/take-sample.ts';
import type { DriverName } from '../samples/drivers.ts';
import type { Metric } from '../figures/types.ts';

/** Short enough for the clients' own patience: the command timeout of node-redis 6 is 5 s, ioredis tries 20 times. */
const outageLifeMs = (quick: boolean): number => (quick ? 1000 : 2000);
const subscriberLifeMs = (quick: boolean): number => (quick ? 1000 : 3000);

const failedCommands = (ours: 'ioredis' | 'node-redis', peer: DriverName): Metric => ({
  name: `outage/failed-commands/${ours}`,
  unit: 'failed commands in all runs, of 850 in each; down for 2 lives',
  peerName: peer,
  goal: '0',
  runs: 5,
  summary: 'total',
  start: async (quick) => ({
    ours: () => sampled('outage', { who: ours, lifetimeMs: outageLifeMs(quick) }),
    peer: () => sampled('outage', { who: peer, lifetimeMs: outageLifeMs(quick) }),
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
  failedCommands('node-redis', '@redis/entraid'),
  failedCommands('ioredis', 'the ioredis recipe'),
  ...[0, 20].flatMap((rttMs) => [
    lostMessages('node-redis', '@redis/entraid', rttMs),
    lostMessages('ioredis', 'the ioredis recipe', rttMs),
  ]),
];
