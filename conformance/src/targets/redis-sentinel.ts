import { startEntra } from '@entra-redis/emulator';
import { Gates } from './gates.ts';
import { withCloseStack } from './close-stack.ts';
import { masterName, startSentinelServers } from './sentinel-servers.ts';
import type { RunningTarget, StartOptions, Target } from './target.ts';

const replicas = 2;

/** A real master with two replicas, which a real sentinel exchanges on command; all behind gates, that of the sentinel an open one. */
export const redisSentinel: Target = {
  name: 'redis-sentinel',
  topology: 'sentinel',
  resp: [2, 3],
  required: true,
  start: startSentinel,
};

function startSentinel({ lifetimeMs, onProgress }: StartOptions): Promise<RunningTarget> {
  return withCloseStack(async (stack) => {
    const entra = stack.use(await startEntra({ lifetimeMs }));
    const servers = stack.use(await startSentinelServers(replicas, onProgress));
    const gates = new Gates(stack, { verifier: entra.verifier });
    for (const [index, server] of servers.data.entries()) await gates.open(server, `node-${index + 1}`);
    const watcher = await gates.openWatcher(servers.sentinel, 'sentinel');
    return {
      endpoint: { topology: 'sentinel', host: watcher.host, port: watcher.port, masterName },
      entra,
      ...gates.controls,
      servers: servers.data,
      failover: () => servers.failover(),
      close: () => stack.close(),
    };
  });
}
