import { error, map, nullArray, type Reply } from '../../resp/reply.ts';
import { type Args, CommandError, textAt } from '../args.ts';
import { command, container } from '../command.ts';
import type { CacheNode, Command, Handler, Outcome, Sentinels, Session } from '../model.ts';

function sentinelsOf(session: Session): Sentinels {
  const { sentinels } = session.node.context;
  if (sentinels === undefined) throw new CommandError('ERR No such master with that name');
  return sentinels;
}

/** A subcommand about the master named by its first argument. */
function ofMaster(run: (session: Session, sentinels: Sentinels) => Outcome): Handler {
  return (session, args) => {
    const sentinels = sentinelsOf(session);
    if (textAt(args, 2) !== sentinels.masterName) return error('ERR No such master with that name');
    return run(session, sentinels);
  };
}

function describe(node: CacheNode, name: string, flags: string, more: readonly (readonly [string, string])[]): Reply {
  return map([
    ['name', name],
    ['ip', node.host],
    ['port', String(node.port)],
    ['runid', node.id],
    ['flags', flags],
    ['link-pending-commands', '0'],
    ['link-refcount', '1'],
    ['last-ping-sent', '0'],
    ['last-ok-ping-reply', '0'],
    ['last-ping-reply', '0'],
    ['down-after-milliseconds', '30000'],
    ...more,
  ]);
}

function describeMaster(sentinels: Sentinels): Reply {
  const { shard, masterName, nodes } = sentinels;
  return describe(shard.master, masterName, 'master', [
    ['role-reported', 'master'],
    ['config-epoch', String(sentinels.epoch)],
    ['num-slaves', String(shard.replicas.length)],
    ['num-other-sentinels', String(nodes.length - 1)],
    ['quorum', String(Math.floor(nodes.length / 2) + 1)],
  ]);
}

function replicas(_session: Session, { shard }: Sentinels): Outcome {
  return shard.replicas.map((replica) =>
    describe(replica, `${replica.host}:${replica.port}`, 'slave', [
      ['role-reported', 'slave'],
      ['master-link-status', 'ok'],
      ['master-host', shard.master.host],
      ['master-port', String(shard.master.port)],
      ['slave-priority', '100'],
    ]),
  );
}

function others(session: Session, { nodes }: Sentinels): Outcome {
  return nodes
    .filter((node) => node !== session.node)
    .map((node) => describe(node, node.id, 'sentinel', [['voted-leader', '?']]));
}

function masterAddress(session: Session, args: Args): Outcome {
  const { masterName, shard } = sentinelsOf(session);
  return textAt(args, 2) === masterName ? [shard.master.host, String(shard.master.port)] : nullArray;
}

const flags = 'admin';
export const sentinelCommands: readonly Command[] = [
  container('sentinel', '', [
    command('get-master-addr-by-name', 3, flags, undefined, masterAddress),
    command(
      'master',
      3,
      flags,
      undefined,
      ofMaster((_session, sentinels) => describeMaster(sentinels)),
    ),
    command('masters', 2, flags, undefined, (session) => [describeMaster(sentinelsOf(session))]),
    command('replicas', 3, flags, undefined, ofMaster(replicas)),
    command('slaves', 3, flags, undefined, ofMaster(replicas)),
    command('sentinels', 3, flags, undefined, ofMaster(others)),
  ]),
];
