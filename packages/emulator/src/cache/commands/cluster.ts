import { map, OK, type Reply, verbatim } from '../../resp/reply.ts';
import { type Args, CommandError } from '../args.ts';
import { command, container } from '../command.ts';
import type { CacheNode, Command, Handler, Outcome, Session, Shard } from '../model.ts';
import { slotCount, type SlotMap } from '../slots.ts';

type InCluster = (session: Session, args: Args, cluster: SlotMap<Shard>) => Outcome;

/** Outside cluster mode all of these answer the same error. */
function inCluster(run: InCluster): Handler {
  return (session, args) => {
    const { cluster } = session.node.context;
    if (cluster === undefined) throw new CommandError('ERR This instance has cluster support disabled');
    return run(session, args, cluster);
  };
}

const nodesOf = (shard: Shard): CacheNode[] => [shard.master, ...shard.replicas];

/** https://redis.io/docs/latest/commands/cluster-slots/ */
function slots(_session: Session, _args: Args, cluster: SlotMap<Shard>): Outcome {
  const served = cluster.shards.flatMap((shard) => cluster.ranges(shard).map((range) => ({ range, shard })));
  const entries = served.sort((a, b) => a.range[0] - b.range[0]);
  return entries.map(
    ({ range, shard }): Reply => [
      ...range,
      ...nodesOf(shard).map((node): Reply => [node.host, node.port, node.id, map([])]),
    ],
  );
}

/** https://redis.io/docs/latest/commands/cluster-shards/ */
function shards(_session: Session, _args: Args, cluster: SlotMap<Shard>): Outcome {
  return cluster.shards.map((shard) =>
    map([
      ['slots', cluster.ranges(shard).flat()],
      ['nodes', nodesOf(shard).map(describeNode)],
    ]),
  );
}

function describeNode(node: CacheNode): Reply {
  return map([
    ['id', node.id],
    [node.context.tls === undefined ? 'port' : 'tls-port', node.port],
    ['ip', node.host],
    ['endpoint', node.host],
    ['role', node.role === 'master' ? 'master' : 'replica'],
    ['replication-offset', 0],
    ['health', 'online'],
  ]);
}

/** https://redis.io/docs/latest/commands/cluster-nodes/ */
function nodes(session: Session, _args: Args, cluster: SlotMap<Shard>): Outcome {
  const lines = cluster.shards.flatMap((shard) =>
    nodesOf(shard).map((node) => {
      const master = node === shard.master ? '-' : shard.master.id;
      const flags = `${node === session.node ? 'myself,' : ''}${node.role}`;
      const address = `${node.host}:${node.port}@${node.port + 10_000}`;
      const served = node === shard.master ? slotsText(cluster, shard, node === session.node) : [];
      return [node.id, address, flags, master, 0, 0, cluster.epoch, 'connected', ...served].join(' ');
    }),
  );
  return verbatim(`${lines.join('\n')}\n`);
}

function slotsText(cluster: SlotMap<Shard>, shard: Shard, myself: boolean): string[] {
  const ranges = cluster.ranges(shard).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  if (!myself) return ranges;
  for (const [slot, target] of cluster.migrating) {
    const owner = cluster.owner(slot);
    if (owner === shard) ranges.push(`[${slot}->-${target.master.id}]`);
    else if (target === shard && owner !== undefined) ranges.push(`[${slot}-<-${owner.master.id}]`);
  }
  return ranges;
}

function info(_session: Session, _args: Args, cluster: SlotMap<Shard>): Outcome {
  const served = cluster.shards.filter((shard) => cluster.ranges(shard).length > 0);
  const fields = {
    cluster_enabled: 1,
    cluster_state: 'ok',
    cluster_slots_assigned: slotCount,
    cluster_slots_ok: slotCount,
    cluster_slots_pfail: 0,
    cluster_slots_fail: 0,
    cluster_known_nodes: cluster.shards.flatMap(nodesOf).length,
    cluster_size: served.length,
    cluster_current_epoch: cluster.epoch,
    cluster_my_epoch: cluster.epoch,
  };
  return verbatim(
    Object.entries(fields)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join(''),
  );
}

function turnOn(what: 'readOnly' | 'asking'): InCluster {
  return (session) => {
    session[what] = true;
    return OK;
  };
}

const flags = 'stale';
export const clusterCommands: readonly Command[] = [
  container('cluster', '', [
    command('slots', 2, flags, undefined, inCluster(slots)),
    command('shards', 2, flags, undefined, inCluster(shards)),
    command('nodes', 2, flags, undefined, inCluster(nodes)),
    command('info', 2, flags, undefined, inCluster(info)),
  ]),
  command('readonly', 1, 'loading stale fast', undefined, inCluster(turnOn('readOnly'))),
  command('asking', 1, 'fast', undefined, inCluster(turnOn('asking'))),
];
