import { startCache, startEntra } from '@entra-redis/emulator';
import type { RunningTarget, Target } from './types.ts';

/** Our in-memory RESP server. */
export const fake: Target = {
  name: 'fake',
  topology: 'standalone',
  resp: [2, 3],
  required: true,
  async start({ lifetimeMs }): Promise<RunningTarget> {
    const entra = await startEntra({ lifetimeMs });
    const cache = await startCache({ verifier: entra.verifier });
    return {
      endpoint: { topology: 'standalone', host: cache.host, port: cache.port },
      entra,
      timeline: cache.timeline,
      cut: (connections) => cache.cut(connections),
      fault: (fault) => cache.fault(fault),
      heal: () => cache.heal(),
      close: async () => {
        await cache.close();
        await entra.close();
      },
    };
  },
};
