import { OK, type Reply, set, simple, verbatim } from '../../resp/reply.ts';
import { type Args, textAt } from '../args.ts';
import { command, container } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';
import { serverVersion } from './connection.ts';

type Section = readonly [name: string, fields: readonly (readonly [string, string | number])[]];

/** The parts of INFO that clients read: https://redis.io/docs/latest/commands/info/. */
function infoSections({ node }: Session): Section[] {
  return [
    [
      'Server',
      [
        ['redis_version', serverVersion],
        ['redis_mode', node.mode],
        ['run_id', node.id],
        ['tcp_port', node.port],
      ],
    ],
    ['Persistence', [['loading', 0]]],
    ['Replication', replicationFields(node)],
    ['Cluster', [['cluster_enabled', node.mode === 'cluster' ? 1 : 0]]],
  ];
}

function replicationFields({ role, shard: { master, replicas } }: Session['node']): Section[1] {
  if (role === 'slave') {
    return [
      ['role', 'slave'],
      ['master_host', master.host],
      ['master_port', master.port],
      ['master_link_status', 'up'],
    ];
  }
  const listed = replicas.map(
    ({ host, port }, index) => [`slave${index}`, `ip=${host},port=${port},state=online,offset=0,lag=0`] as const,
  );
  return [['role', 'master'], ['connected_slaves', replicas.length], ...listed];
}

function info(session: Session, args: Args): Outcome {
  const wanted = args.slice(1).map((_, index) => textAt(args, index + 1).toLowerCase());
  const all = wanted.length === 0 || wanted.some((word) => ['all', 'everything', 'default'].includes(word));
  const sections = infoSections(session).filter(([name]) => all || wanted.includes(name.toLowerCase()));
  const text = sections
    .map(([name, fields]) => `# ${name}\r\n${fields.map(([field, value]) => `${field}:${value}\r\n`).join('')}`)
    .join('\r\n');
  return verbatim(text);
}

function monitor(session: Session): Outcome {
  session.monitoring = true;
  return OK;
}

/** One row of COMMAND. ACL categories, tips and key specifications are left empty. */
function describe(row: Command): Reply {
  const { first, last, step } = row.keys;
  const flags = [...row.flags].filter((flag) => flag !== 'skip_monitor').map(simple);
  const subcommands = [...(row.subcommands?.values() ?? [])].map(describe);
  return [row.name, row.arity, set(flags), first, last, step, set([]), [], [], subcommands];
}

export const serverCommands: readonly Command[] = [
  command('info', -1, 'loading stale', undefined, info),
  command('monitor', 1, 'admin noscript loading stale', undefined, monitor),
  container('acl', '', [
    command(
      'whoami',
      2,
      'noscript loading stale',
      undefined,
      (session) => session.login.current?.username ?? 'default',
    ),
  ]),
  // Clients of clusters ask it where the keys of a command are.
  {
    ...container('command', 'loading stale', [], -1),
    run: ({ node }) => [...node.commands.values()].map(describe),
  },
];
