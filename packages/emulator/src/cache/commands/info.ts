import type { Session } from '../model.ts';
import { serverVersion } from './connection.ts';

type Section = readonly [name: string, fields: readonly (readonly [string, string | number])[]];

/** The parts of INFO that clients read: https://redis.io/docs/latest/commands/info/. */
export function infoSections(session: Session): Section[] {
  const { node } = session;
  const sessions = [...node.sessions.values()];
  return [
    ['Server', serverFields(session)],
    [
      'Clients',
      [
        ['connected_clients', sessions.length],
        ['maxclients', 10_000],
        ['blocked_clients', sessions.filter((other) => other.waiter !== undefined).length],
      ],
    ],
    [
      'Memory',
      [
        ['maxmemory', 0],
        ['maxmemory_policy', 'noeviction'],
      ],
    ],
    [
      'Persistence',
      [
        ['loading', 0],
        ['rdb_bgsave_in_progress', 0],
        ['aof_enabled', 0],
      ],
    ],
    ['Replication', replicationFields(session)],
    ['Cluster', [['cluster_enabled', node.mode === 'cluster' ? 1 : 0]]],
    ['Keyspace', keyspaceFields(session)],
  ];
}

function serverFields({ node }: Session): (readonly [string, string | number])[] {
  const uptime = Math.floor((Date.now() - node.startedAt) / 1000);
  return [
    ['redis_version', serverVersion],
    ['redis_mode', node.mode],
    ['os', process.platform],
    ['arch_bits', 64],
    ['process_id', process.pid],
    ['run_id', node.id],
    ['tcp_port', node.port],
    ['uptime_in_seconds', uptime],
    ['uptime_in_days', Math.floor(uptime / 86_400)],
  ];
}

function replicationFields(session: Session): (readonly [string, string | number])[] {
  const { node } = session;
  const { master, replicas } = node.shard;
  if (node.role === 'slave') {
    return [
      ['role', 'slave'],
      ['master_host', master.host],
      ['master_port', master.port],
      ['master_link_status', 'up'],
      ['slave_read_only', 1],
      ['connected_slaves', 0],
    ];
  }
  return [
    ['role', 'master'],
    ['connected_slaves', replicas.length],
    ...replicas.map(
      (replica, index) =>
        [`slave${index}`, `ip=${replica.host},port=${replica.port},state=online,offset=0,lag=0`] as const,
    ),
  ];
}

function keyspaceFields(session: Session): (readonly [string, string])[] {
  return session.keyspace.databases.flatMap((database, index) => {
    const { size } = database;
    return size === 0 ? [] : [[`db${index}`, `keys=${size},expires=${database.expiring},avg_ttl=0`] as const];
  });
}
