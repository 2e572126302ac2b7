import {
  eventually,
  meetCommands,
  Progress,
  type RedisServer,
  slotCommands,
  slotCount,
  startRedisServer,
} from '@entra-redis/redis-server';
import type { Redis } from 'ioredis';
import { connectAdmin } from './admin.ts';
import { type CloseStack, withCloseStack } from './close-stack.ts';

/** A busy machine must not look like a dead node; and an introduction that takes longer is forgotten. */
const patientTimeoutMs = 30_000;
/** A node asks every other one twice per timeout, so a short one lets news travel. */
const hastyTimeoutMs = 500;

/** A node of a real cluster, with our own way in. */
export interface ClusterNode {
  readonly server: RedisServer;
  readonly admin: Redis;
  /** What CLUSTER MYID answers. */
  readonly id: string;
}

/** A real cluster, without gates. Masters come first, then one replica for each, then masters added later. */
export interface ClusterServers {
  readonly nodes: readonly ClusterNode[];
  /** Another master, without slots. */
  addMaster(): Promise<ClusterNode>;
  /** Moves the slot, with its keys, to another master: the newest where some were added. */
  moveSlot(slot: number): Promise<void>;
  /** A replica takes over from the first master, which becomes its replica. */
  failover(): Promise<void>;
  close(): Promise<void>;
}

/** Starts `masters` masters with a replica each. Takes some seconds: a cluster waits two before it serves. */
export function startClusterServers(masters: number, onNews?: () => void): Promise<ClusterServers> {
  const progress = new Progress({ onNews });
  return withCloseStack(async (stack) => {
    const nodes = await Promise.all(Array.from({ length: masters * 2 }, () => startNode(stack, progress)));
    await shareSlots(nodes.slice(0, masters));
    await Promise.all(nodes.map((node) => introduce(node, nodes)));
    await untilAllKnow(nodes, progress);
    await setTimeouts(nodes, hastyTimeoutMs);
    await Promise.all(
      nodes.slice(masters).map(({ admin }, index) => admin.cluster('REPLICATE', nodes[index]?.id ?? '')),
    );
    await untilServing(nodes, masters, progress);
    await relax(nodes);
    return {
      nodes,
      addMaster: async () => {
        const node = await startNode(stack, progress);
        await introduce(node, nodes);
        nodes.push(node);
        await untilAllKnow(nodes, progress);
        await setTimeouts([node], hastyTimeoutMs);
        await eventually('the new master serves', progress, async () => (await isUp(node)) || undefined);
        await relax([node]);
        return node;
      },
      moveSlot: (slot) => moveSlot(nodes, slot),
      failover: () => failOver(nodes, progress),
      close: () => stack.close(),
    };
  });
}

async function startNode(stack: CloseStack, progress: Progress): Promise<ClusterNode> {
  const server = stack.use(
    await startRedisServer({
      cluster: true,
      progress,
      args: [
        ...['--cluster-allow-replica-migration', 'no', '--cluster-replica-no-failover', 'yes'],
        // A replica is announced once it has heard from its master.
        ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
      ],
      // Told in full, its log shows who has met whom.
      config: `cluster-node-timeout ${patientTimeoutMs}\nloglevel verbose\n`,
    }),
  );
  const admin = connectAdmin(server, { retryDelayMs: 50 });
  stack.use({ close: async () => admin.disconnect() });
  return { server, admin, id: await admin.cluster('MYID') };
}

async function shareSlots(masters: readonly ClusterNode[]): Promise<void> {
  for (const [index, { admin }] of masters.entries()) {
    for (const command of slotCommands(index, masters.length)) await admin.call(...command);
  }
}

async function introduce({ server, admin }: ClusterNode, nodes: readonly ClusterNode[]): Promise<void> {
  const servers = nodes.map((node) => node.server);
  for (const command of meetCommands(server, servers)) await admin.call(...command);
}

interface KnownNode {
  readonly id: string;
  readonly flags: readonly string[];
  readonly linked: boolean;
}

/** What CLUSTER NODES says: https://redis.io/docs/latest/commands/cluster-nodes/. */
async function knownTo({ admin }: ClusterNode): Promise<KnownNode[]> {
  const text = await admin.cluster('NODES');
  return String(text)
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', , flags = '', , , , , link] = line.split(' ');
      return { id, flags: flags.split(','), linked: link === 'connected' };
    });
}

async function untilAllKnow(nodes: readonly ClusterNode[], progress: Progress): Promise<void> {
  await eventually('the nodes of the cluster know each other', progress, async () => {
    const known = await Promise.all(nodes.map(knownTo));
    const settled = known.every(
      (list) =>
        list.length === nodes.length && list.every(({ flags, linked }) => linked && !flags.includes('handshake')),
    );
    return settled || undefined;
  });
}

async function untilServing(nodes: readonly ClusterNode[], masters: number, progress: Progress): Promise<void> {
  await eventually('the cluster serves', progress, async () => {
    const states = await Promise.all(nodes.map((node) => serves(node, masters)));
    return states.every(Boolean) || undefined;
  });
}

async function setTimeouts(nodes: readonly ClusterNode[], timeoutMs: number): Promise<void> {
  for (const { admin } of nodes) await admin.config('SET', 'cluster-node-timeout', timeoutMs);
}

async function relax(nodes: readonly ClusterNode[]): Promise<void> {
  await setTimeouts(nodes, patientTimeoutMs);
  for (const { admin } of nodes) {
    await admin.config('SET', 'loglevel', 'notice');
    // For a restart.
    await admin.config('REWRITE');
  }
}

const isUp = async ({ admin }: ClusterNode): Promise<boolean> => /^cluster_state:ok/m.test(await admin.cluster('INFO'));

async function serves(node: ClusterNode, masters: number): Promise<boolean> {
  const { admin } = node;
  if (!(await isUp(node))) return false;
  const ranges = await admin.cluster('SLOTS');
  if (ranges.length !== masters || ranges.some((range) => range.length !== 4)) return false;
  const replication = await admin.info('replication');
  return /^role:master/m.test(replication) || /^master_link_status:up/m.test(replication);
}

async function moveSlot(nodes: readonly ClusterNode[], slot: number): Promise<void> {
  const masters = await mastersOf(nodes);
  const from = await ownerOf(masters, slot);
  const others = masters.filter((node) => node !== from);
  const to = others.at(-1);
  if (to === undefined) throw new Error('the cluster has one master only: call addNode first');
  await to.admin.cluster('SETSLOT', slot, 'IMPORTING', from.id);
  await from.admin.cluster('SETSLOT', slot, 'MIGRATING', to.id);
  for (;;) {
    const keys = await from.admin.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000);
    if (!Array.isArray(keys) || keys.length === 0) break;
    await from.admin.call('MIGRATE', to.server.host, to.server.port, '', 0, 5000, 'KEYS', ...keys.map(String));
  }
  for (const { admin } of [to, from, ...others.slice(0, -1)]) await admin.cluster('SETSLOT', slot, 'NODE', to.id);
}

async function mastersOf(nodes: readonly ClusterNode[]): Promise<ClusterNode[]> {
  const roles = await Promise.all(nodes.map(({ admin }) => admin.call('ROLE') as Promise<unknown[]>));
  return nodes.filter((_node, index) => roles[index]?.[0] === 'master');
}

async function ownerOf(masters: readonly ClusterNode[], slot: number): Promise<ClusterNode> {
  const ranges = (await masters[0]?.admin.cluster('SLOTS')) ?? [];
  const [, , master] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? [];
  const owner = masters.find((node) => node.id === master?.[2]);
  if (owner === undefined) throw new Error(`no master owns slot ${slot}: it must be from 0 to ${slotCount - 1}`);
  return owner;
}

async function failOver(nodes: readonly ClusterNode[], progress: Progress): Promise<void> {
  const [master] = await mastersOf(nodes);
  const replicas = await Promise.all(
    nodes.map(async (node) => ({ node, role: (await node.admin.call('ROLE')) as [string, string, number] })),
  );
  const next = replicas.find(({ role }) => role[0] === 'slave' && role[2] === master?.server.port)?.node;
  if (next === undefined) throw new Error('the first master has no replica to take over');
  await next.admin.cluster('FAILOVER');
  await eventually('the replica takes over', progress, async () => {
    const [role] = (await next.admin.call('ROLE')) as [string];
    return role === 'master' || undefined;
  });
}
