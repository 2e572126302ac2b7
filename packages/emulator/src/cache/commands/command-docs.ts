import { map, type Reply, set, simple } from '../../resp/reply.ts';
import { type Args, CommandError, textAt } from '../args.ts';
import { arityFits, command, container, keysOf } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';

/** One command as COMMAND tells it. ACL categories, tips and key specifications are left empty. */
function describe(row: Command): Reply {
  const { first, last, step } = row.keys;
  const flags = [...row.flags].filter((flag) => flag !== 'skip_monitor').map(simple);
  const subcommands = [...(row.subcommands?.values() ?? [])].map(describe);
  return [row.name, row.arity, set(flags), first, last, step, set([]), [], [], subcommands];
}

function find(session: Session, name: string): Command | undefined {
  const [word = '', sub] = name.toLowerCase().split('|');
  const row = session.node.commands.get(word);
  return sub === undefined ? row : row?.subcommands?.get(sub);
}

function all(session: Session): Command[] {
  return [...session.node.commands.values()];
}

function info(session: Session, args: Args): Outcome {
  if (args.length === 2) return all(session).map(describe);
  return args.slice(2).map((_, index) => {
    const row = find(session, textAt(args, index + 2));
    return row === undefined ? { type: 'null-array' } : describe(row);
  });
}

function docs(session: Session, args: Args): Outcome {
  const named = args.slice(2).flatMap((_, index) => find(session, textAt(args, index + 2)) ?? []);
  const rows = args.length === 2 ? all(session) : named;
  return map(rows.map((row) => [row.name, map([['summary', '']])]));
}

function getKeys(session: Session, args: Args): Outcome {
  const asked = args.slice(2);
  const row = find(session, textAt(asked, 0));
  if (row === undefined) throw new CommandError('ERR Invalid command specified');
  if (row.keys.first === 0 && row.keys.find === undefined) {
    throw new CommandError('ERR The command has no key arguments');
  }
  if (!arityFits(row, asked.length)) throw new CommandError('ERR Invalid number of arguments specified for command');
  return keysOf(row, asked);
}

const rows = container(
  'command',
  'loading stale',
  [
    command('count', 2, 'loading stale', undefined, (session) => session.node.commands.size),
    command('info', -2, 'loading stale', undefined, info),
    command('docs', -2, 'loading stale', undefined, docs),
    command('list', -2, 'loading stale', undefined, (session) => all(session).map((row) => row.name)),
    command('getkeys', -4, 'loading stale', undefined, getKeys),
  ],
  -1,
);

export const commandCommand: Command = { ...rows, run: (session) => all(session).map(describe) };
