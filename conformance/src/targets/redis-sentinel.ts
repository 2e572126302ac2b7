import { createFaults, createTimeline, type Gate, startEntra, startGate } from '@entra-redis/emulator';
import { gateAddresses } from './gate-addresses.ts';
import { startParts } from './parts.ts';
import type { RedisServer } from './redis-server.ts';
import { masterName, startSentinelServers } from './sentinel-servers.ts';
import type { RunningTarget, Target } from './types.ts';

const replicas = 2;

/** A real master with two replicas, which a real sentinel exchanges on command; all behind gates, that of the sentinel an open one. */
export const redisSentinel: Target = {
  name: 'redis-sentinel',
  topology: 'sentinel',
  resp: [2, 3],
  required: true,
  start: ({ lifetimeMs }) => startSentinel(lifetimeMs),
};

function startSentinel(lifetimeMs: number): Promise<RunningTarget> {
  return startParts(async (parts) => {
    const entra = parts.use(await startEntra({ lifetimeMs }));
    const servers = parts.use(await startSentinelServers(replicas));
    const timeline = createTimeline();
    const faults = createFaults();
    const addresses = gateAddresses();
    const openGate = async (upstream: RedisServer, name: string, open: boolean): Promise<Gate> => {
      const common = {
        verifier: entra.verifier,
        timeline,
        ...(open ? {} : { faults }),
        rewriteAddress: addresses.rewrite,
      };
      const gate = parts.use(await startGate({ ...common, upstream, name, open }));
      addresses.add(upstream, gate);
      return gate;
    };
    const gates: Gate[] = [];
    for (const [index, server] of servers.data.entries())
      gates.push(await openGate(server, `node-${index + 1}`, false));
    const watcher = await openGate(servers.sentinel, 'sentinel', true);
    return {
      endpoint: { topology: 'sentinel', host: watcher.host, port: watcher.port, masterName },
      entra,
      timeline,
      servers: servers.data,
      cut: (connections) => gates.forEach((gate) => gate.cut(connections)),
      fault: (fault) => faults.fault(fault),
      heal: () => faults.heal(),
      failover: () => servers.failover(),
      close: () => parts.close(),
    };
  });
}
