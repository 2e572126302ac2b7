import { subscribeToMaintenance } from '../../policy/maintenance.ts';
import { error, OK, verbatim } from '../../resp/reply.ts';
import { type Args, at, CommandError, integerAt, syntaxError, textAt, wordAt } from '../args.ts';
import { command, container } from '../command.ts';
import { type Command, noReply, type Outcome, type Session } from '../model.ts';
import { killClients } from './client-kill.ts';
import { isPlain, setName } from './client-name.ts';

/** One line of CLIENT LIST: https://redis.io/docs/latest/commands/client-list/. Sizes of buffers are not counted. */
function describeClient(session: Session): string {
  const now = Date.now();
  const fields: [string, string | number][] = [
    ['id', session.id],
    ['addr', session.address],
    ['laddr', session.localAddress],
    ['fd', session.id + 7],
    ['name', session.name],
    ['age', Math.floor((now - session.createdAt) / 1000)],
    ['idle', Math.floor((now - session.lastActiveAt) / 1000)],
    ['flags', clientFlags(session)],
    ['db', session.db],
    ['sub', session.channels.size],
    ['psub', session.patterns.size],
    ['ssub', session.shardChannels.size],
    ['multi', session.transaction?.queue.length ?? -1],
    ...['qbuf', 'qbuf-free', 'argv-mem', 'multi-mem', 'rbs', 'rbp', 'obl', 'oll', 'omem', 'tot-mem'].map(
      (name): [string, number] => [name, 0],
    ),
    ['events', 'r'],
    ['cmd', session.lastCommand],
    ['user', session.login.current?.username ?? '(superuser)'],
    ['redir', -1],
    ['resp', session.resp],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

function clientFlags(session: Session): string {
  const flags = [
    session.monitoring ? 'O' : '',
    session.subscriber ? 'P' : '',
    session.transaction === undefined ? '' : 'x',
    session.waiter === undefined ? '' : 'b',
    session.dirty ? 'd' : '',
    session.readOnly ? 'r' : '',
    session.noEvict ? 'e' : '',
  ].join('');
  return flags === '' ? 'N' : flags;
}

function clientType(session: Session): string {
  return session.subscriber ? 'pubsub' : 'normal';
}

function list(session: Session, args: Args): Outcome {
  let sessions = [...session.node.sessions.values()];
  if (wordAt(args, 2) === 'TYPE' && args.length === 4) {
    const type = textAt(args, 3).toLowerCase();
    if (!['normal', 'master', 'replica', 'slave', 'pubsub'].includes(type)) {
      throw new CommandError(`ERR Unknown client type '${textAt(args, 3)}'`);
    }
    sessions = sessions.filter((other) => clientType(other) === type);
  } else if (wordAt(args, 2) === 'ID' && args.length > 3) {
    const ids = args.slice(3).map((_, index) => integerAt(args, index + 3));
    sessions = ids.flatMap((id) => session.node.sessions.get(id) ?? []);
  } else if (args.length > 2) {
    throw syntaxError();
  }
  return verbatim(sessions.map((other) => `${describeClient(other)}\n`).join(''));
}

function setInfo(session: Session, args: Args): Outcome {
  const attribute = textAt(args, 2).toLowerCase();
  const value = textAt(args, 3);
  if (attribute !== 'lib-name' && attribute !== 'lib-ver') {
    return error(`ERR Unrecognized option '${textAt(args, 2)}'`);
  }
  if (!isPlain(value)) return error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
  if (attribute === 'lib-name') session.libraryName = value;
  else session.libraryVersion = value;
  return OK;
}

function onOff(args: Args): boolean {
  const word = wordAt(args, 2);
  if (word !== 'ON' && word !== 'OFF') throw syntaxError();
  return word === 'ON';
}

function replyMode(session: Session, args: Args): Outcome {
  const word = wordAt(args, 2);
  if (word !== 'ON' && word !== 'OFF' && word !== 'SKIP') throw syntaxError();
  if (word === 'ON') {
    session.replyMode = 'on';
    return OK;
  }
  // OFF wins over SKIP, as in Redis.
  if (word === 'OFF') session.replyMode = 'off';
  else if (session.replyMode === 'on') session.replyMode = 'skip';
  return noReply;
}

function unblock(session: Session, args: Args): Outcome {
  const id = integerAt(args, 2);
  const word = wordAt(args, 3);
  if (args.length > 4) throw syntaxError();
  if (args.length === 4 && word !== 'TIMEOUT' && word !== 'ERROR') {
    throw new CommandError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
  }
  const waiter = session.node.sessions.get(id)?.waiter;
  if (waiter === undefined) return 0;
  waiter.finish(word === 'ERROR' ? error('UNBLOCKED client unblocked via CLIENT UNBLOCK') : waiter.onTimeout);
  return 1;
}

function maintNotifications(session: Session, args: Args): Outcome {
  if (!session.node.context.maintenanceNotifications) {
    throw new CommandError(`ERR unknown subcommand '${textAt(args, 1)}'. Try CLIENT HELP.`);
  }
  const { reply, ...change } = subscribeToMaintenance(args, session.resp);
  if ('wants' in change) session.maintenance = change.wants;
  return reply;
}

const flags = 'noscript loading stale';
export const clientCommands: readonly Command[] = [
  container('client', '', [
    command('id', 2, flags, undefined, (session) => session.id),
    command('getname', 2, flags, undefined, (session) => (session.name === '' ? null : session.name)),
    command('setname', 3, flags, undefined, (session, args) => {
      setName(session, textAt(args, 2));
      return OK;
    }),
    command('setinfo', 4, flags, undefined, setInfo),
    command('info', 2, flags, undefined, (session) => verbatim(`${describeClient(session)}\n`)),
    command('list', -2, `admin ${flags}`, undefined, list),
    command('kill', -3, `admin ${flags}`, undefined, killClients),
    command('maint_notifications', -3, flags, undefined, maintNotifications),
    command('no-evict', 3, `admin ${flags}`, undefined, (session, args) => {
      session.noEvict = onOff(args);
      return OK;
    }),
    command('no-touch', 3, flags, undefined, (_session, args) => {
      onOff(args);
      return OK;
    }),
    command('reply', 3, flags, undefined, replyMode),
    command('unblock', -3, `admin ${flags}`, undefined, unblock),
    command('getredir', 2, flags, undefined, () => -1),
    command('help', 2, 'loading stale', undefined, (_session, args) => [`${at(args, 0).toString()} <subcommand>`]),
  ]),
];
