import { sampled } from '../child.ts';
import type { Metric } from '../types.ts';

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
