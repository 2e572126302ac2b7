import { sampled } from '../processes/take-sample.ts';
import type { Metric } from '../figures/types.ts';

export const reauthCost: Metric = {
  name: 'token-manager/reauth-cost',
  unit: 'µs per connection and refresh',
  peerName: 'a bare loop over the callbacks',
  goal: 'recorded',
  async start(quick) {
    const connections = quick ? 100 : 5000;
    return {
      ours: () => sampled('reauth-cost', { connections, bare: false }),
      peer: () => sampled('reauth-cost', { connections, bare: true }),
    };
  },
};

export const failedRequestTurn: Metric = {
  name: 'token-manager/failed-request-turn',
  unit: 'ms, the longest turn of the event loop when a request fails for which 1,000 callers wait',
  peerName: 'an error for each of 1,000 promises',
  goal: '<= 5 ms',
  async start(quick) {
    const waiters = quick ? 10 : 1000;
    return {
      ours: () => sampled('failed-request-turn', { waiters, bare: false }),
      peer: () => sampled('failed-request-turn', { waiters, bare: true }),
    };
  },
};

export const bytesPerConnection: Metric = {
  name: 'token-manager/bytes-per-connection',
  unit: 'bytes of heap',
  peerName: 'goal of 200 bytes',
  goal: '<= 1',
  async start(quick) {
    const connections = quick ? 1000 : 50_000;
    return { ours: () => sampled('registered-bytes', { connections }), peer: async () => 200 };
  },
};
