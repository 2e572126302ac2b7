import { eventually, Progress, type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import type { Redis } from 'ioredis';
import { connectAdmin, withAdmin } from './admin.ts';
import { withCloseStack } from './close-stack.ts';

export const masterName = 'mymaster';

/** A real master with replicas, watched by a real sentinel, without gates. */
export interface SentinelServers {
  /** The first master, then the replicas. */
  readonly data: readonly RedisServer[];
  readonly sentinel: RedisServer;
  /** The sentinel makes a replica the master. Resolves when it announces it. */
  failover(): Promise<void>;
  close(): Promise<void>;
}

export function startSentinelServers(replicas: number, onNews?: () => void): Promise<SentinelServers> {
  const progress = new Progress({ onNews });
  return withCloseStack(async (stack) => {
    const sync = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
    const master = stack.use(await startRedisServer({ progress, args: sync }));
    const followers = await Promise.all(
      Array.from({ length: replicas }, async () =>
        // In a file, which the sentinel has rewritten at a failover: a restart keeps the role.
        stack.use(
          await startRedisServer({ progress, args: sync, config: `replicaof ${master.host} ${master.port}\n` }),
        ),
      ),
    );
    await Promise.all(followers.map((server) => withAdmin(server, (admin) => untilFollowing(admin, progress))));
    const sentinel = stack.use(await startRedisServer({ progress, sentinelConfig: configFor(master) }));
    const admin = connectAdmin(sentinel);
    stack.use({ close: async () => admin.disconnect() });
    // An old master is made a replica once it has been back for 4 of these periods: 8 s by default.
    await admin.call('SENTINEL', 'DEBUG', 'PUBLISH-PERIOD', 100);
    await untilUsable(admin, replicas, progress);
    return {
      data: [master, ...followers],
      sentinel,
      failover: () => failOver(admin, progress),
      close: () => stack.close(),
    };
  });
}

/** One sentinel decides alone. It must not take a busy machine for a dead master. */
const configFor = ({ host, port }: RedisServer): string =>
  [
    `sentinel monitor ${masterName} ${host} ${port} 1`,
    `sentinel down-after-milliseconds ${masterName} 30000`,
    `sentinel failover-timeout ${masterName} 60000`,
    `sentinel parallel-syncs ${masterName} 8`,
  ].join('\n');

async function untilFollowing(admin: Redis, progress: Progress): Promise<void> {
  await eventually('a replica follows its master', progress, async () => {
    return /^master_link_status:up/m.test(await admin.info('replication')) || undefined;
  });
}

/** Instances as SENTINEL describes them: names and values in a row, or a map in RESP3. */
function fieldsOf(instance: unknown): ReadonlyMap<string, string> {
  if (instance instanceof Map) return instance as Map<string, string>;
  if (!Array.isArray(instance)) return new Map(Object.entries(instance as Record<string, string>));
  const items = instance.map(String);
  return new Map(items.flatMap((name, index) => (index % 2 === 0 ? [[name, items[index + 1] ?? '']] : [])));
}

/** How many replicas the sentinel would promote. */
async function usable(admin: Redis): Promise<number> {
  const replicas = (await admin.call('SENTINEL', 'REPLICAS', masterName)) as unknown[];
  return replicas.map(fieldsOf).filter((fields) => {
    return fields.get('flags') === 'slave' && fields.get('master-link-status') === 'ok';
  }).length;
}

/**
 * Waits until the sentinel would promote that many replicas. By default it asks its servers every 10 s: here it asks more often, but
 * not during a failover, as answers older than 3 of its periods do not count then.
 */
async function untilUsable(admin: Redis, replicas: number, progress: Progress): Promise<void> {
  await admin.call('SENTINEL', 'DEBUG', 'INFO-PERIOD', 100);
  await eventually('the sentinel knows the replicas', progress, async () => {
    return (await usable(admin)) === replicas || undefined;
  });
  await admin.call('SENTINEL', 'DEBUG', 'INFO-PERIOD', 10_000);
}

async function failOver(admin: Redis, progress: Progress): Promise<void> {
  const before = await masterPort(admin);
  const replicas = await usable(admin);
  await admin.call('SENTINEL', 'FAILOVER', masterName);
  await eventually('the sentinel announces another master', progress, async () => {
    return (await masterPort(admin)) !== before || undefined;
  });
  // The old master is a replica then, and another failover can follow.
  await untilUsable(admin, replicas, progress);
}

async function masterPort(admin: Redis): Promise<string> {
  const [, port = ''] = (await admin.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)) as string[];
  return port;
}
