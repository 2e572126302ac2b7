import { randomUUID } from 'node:crypto';
import {
  eventually,
  meetCommands,
  Progress,
  type RedisServer,
  slotCommands,
  startRedisServer,
} from '@entra-redis/redis-server';
import { startGate } from '../gate/start-gate.ts';
import { askUpstream } from '../gate/upstream.ts';
import { errorText, type Reply } from '../resp/reply.ts';
import type { Endpoint, Gate, GateOptions } from '../types.ts';

/** A cache, and what people should know of it. */
export interface StartedCache {
  readonly endpoint: Endpoint;
  readonly what: string;
  /** Resolves, with the reason, when it ends by itself. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** Started by us. The password keeps the programs of this machine from going around the gate. */
interface OwnServer {
  readonly server: RedisServer;
  readonly upstream: GateOptions['upstream'];
}

const masters = 3;
/** A busy machine must not look like a dead node. */
const nodeTimeoutMs = 30_000;

/** A server of our own, or a cluster of three masters, behind gates. A cluster takes some two seconds: its nodes wait before they serve. */
export async function startRealCache(
  common: Omit<GateOptions, 'upstream'>,
  { cluster }: { readonly cluster: boolean },
): Promise<StartedCache> {
  const progress = new Progress();
  const own = await startServers(cluster ? masters : 1, { progress, ...(cluster && asNode) });
  const gates: Gate[] = [];
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    await closeAll(gates);
    await closeAll(own.map(({ server }) => server));
  };
  try {
    if (cluster) await joinCluster(own, progress);
    await openGates(own, common, gates);
  } catch (error) {
    await close();
    throw error;
  }
  const [endpoint] = gates as [Gate];
  const server = `redis-server ${own[0]?.server.version} of this machine, which`;
  return {
    endpoint,
    what: cluster
      ? `a cluster of three masters (${portsOf(gates)}), each a ${server} keeps nothing`
      : `${server} keeps nothing`,
    ended: new Promise((resolve) => {
      for (const { server: each } of own) void each.gone.then(() => closing || resolve('the redis-server has ended'));
    }),
    close,
  };
}

/** As the fake names its nodes, and as lines about logins do. */
const nodeName = (index: number): string => `node-${index + 1}`;

export const portsOf = (nodes: readonly Endpoint[]): string =>
  nodes.map(({ port }, index) => `${nodeName(index)} on ${index === 0 ? 'port ' : ''}${port}`).join(', ');

const asNode = {
  cluster: true,
  args: ['--cluster-node-timeout', String(nodeTimeoutMs)],
} as const;

/** All, or none where one does not start. */
async function startServers(count: number, options: Parameters<typeof startRedisServer>[0]): Promise<OwnServer[]> {
  const password = randomUUID();
  const config = `requirepass ${password}\n`;
  const starting = Array.from({ length: count }, () => startRedisServer({ ...options, config }));
  const settled = await Promise.allSettled(starting);
  const servers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined)
    return servers.map((server) => ({ server, upstream: { host: server.host, port: server.port, password } }));
  await closeAll(servers);
  throw withRemedy(failed.reason as Error, options?.cluster ?? false);
}

const newEnough = 'A cluster needs Redis 7 or newer.';

function withRemedy(cause: Error, cluster: boolean): Error {
  const what = cause.message.replace(/\.$/, '');
  const needs = cluster && !what.includes('Redis 7') ? `${newEnough} ` : '';
  return new Error(`${what}. ${needs}--cache fake needs no server, but knows few commands.`, { cause });
}

/** Each is announced by its gate: clients are never told of the server itself. */
async function openGates(
  own: readonly OwnServer[],
  common: Omit<GateOptions, 'upstream'>,
  gates: Gate[],
): Promise<void> {
  // All servers are on loopback, so their ports tell them apart.
  const rewriteAddress: GateOptions['rewriteAddress'] = (host, port) =>
    gates[own.findIndex(({ server }) => server.port === port)] ?? { host, port };
  for (const { upstream } of own) {
    const name = own.length > 1 && { name: nodeName(gates.length) };
    const options = { ...common, ...(gates.length > 0 && { port: 0 }), ...name, upstream, rewriteAddress };
    gates.push(await startGate({ ...options, maintenanceNotifications: true }));
  }
}

async function joinCluster(own: readonly OwnServer[], progress: Progress): Promise<void> {
  const servers = own.map(({ server }) => server);
  for (const [index, { upstream }] of own.entries()) await instruct(upstream, slotCommands(index, own.length));
  for (const { server, upstream } of own) await instruct(upstream, meetCommands(server, servers));
  await eventually('the cluster serves', progress, async () => {
    const answers = await Promise.all(own.map(({ upstream }) => instruct(upstream, [['CLUSTER', 'INFO']])));
    const all = new RegExp(`cluster_state:ok[^]*cluster_known_nodes:${own.length}\\r[^]*cluster_size:${own.length}\\r`);
    return answers.every(([info]) => all.test(String(info))) || undefined;
  });
}

/** Rejects on the first that the server refuses. */
async function instruct(upstream: GateOptions['upstream'], commands: readonly (readonly string[])[]): Promise<Reply[]> {
  const replies = await askUpstream(upstream, commands);
  const refusal = replies.map(errorText).find((text) => text !== undefined);
  if (refusal !== undefined)
    throw new Error(`the servers form no cluster: ${refusal.replace(/\.$/, '')}. ${newEnough}`);
  return replies;
}

async function closeAll(all: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(all.map((each) => each.close()));
}
