import { sampled } from '../child.ts';
import type { DriverName } from '../samples/drivers.ts';
import type { Metric } from '../types.ts';

const failedCommands = (ours: 'ioredis' | 'node-redis', peer: DriverName): Metric => ({
  name: `outage/failed-commands/${ours}`,
  unit: 'failed commands in all runs, of 850 in each; down for 2 lives',
  peerName: peer,
  goal: '0',
  summary: 'total',
  start: async () => ({
    ours: () => sampled('outage', { who: ours }),
    peer: () => sampled('outage', { who: peer }),
  }),
});

const lostMessages = (ours: 'ioredis' | 'node-redis', peer: DriverName, rttMs: number): Metric => ({
  name: `subscriber/lost/${ours}/resp2${rttMs > 0 ? `-${rttMs}ms` : ''}`,
  unit: `messages lost in all runs, one expiry in each, 2,000 msg/s${rttMs > 0 ? `, ${rttMs} ms added to the round trip` : ''}`,
  peerName: peer,
  goal: '0',
  summary: 'total',
  start: async () => ({
    ours: () => sampled('subscriber-lost', { who: ours, delayMs: rttMs / 2 }),
    peer: () => sampled('subscriber-lost', { who: peer, delayMs: rttMs / 2 }),
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
