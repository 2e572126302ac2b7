import { type Reply, set } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, integerAt, keyAt, syntaxError } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { parseScan, scanned } from './scan.ts';

type Members = ReadonlySet<string>;
const none: Members = new Set();

function membersAt(session: Session, args: Args, index = 1): Members {
  return session.database.find(keyAt(args, index), 'set')?.members ?? none;
}

const asReply = (members: Iterable<string>): Reply => set([...members].map(bytesOf));

function sadd(session: Session, args: Args): Outcome {
  const key = keyAt(args, 1);
  const { members } = session.database.findOrAdd(key, 'set', () => ({ type: 'set', members: new Set() }));
  const before = members.size;
  for (let index = 2; index < args.length; index++) members.add(keyAt(args, index));
  const added = members.size - before;
  if (added > 0) session.database.changed(key);
  return added;
}

function remove(session: Session, key: string, names: readonly string[]): number {
  const members = session.database.find(key, 'set')?.members;
  const removed = names.filter((name) => members?.delete(name)).length;
  if (removed > 0) session.database.changed(key);
  return removed;
}

function srem(session: Session, args: Args): Outcome {
  return remove(
    session,
    keyAt(args, 1),
    args.slice(2).map((_, index) => keyAt(args, index + 2)),
  );
}

/** Members in random order. */
function shuffled(members: Members): string[] {
  return [...members]
    .map((name) => ({ name, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ name }) => name);
}

function spop(session: Session, args: Args): Outcome {
  if (args.length > 3) throw syntaxError();
  const count = args.length === 3 ? integerAt(args, 2) : 1;
  if (count < 0) throw new CommandError('ERR value is out of range, must be positive');
  const chosen = shuffled(membersAt(session, args)).slice(0, count);
  remove(session, keyAt(args, 1), chosen);
  if (args.length === 3) return asReply(chosen);
  return chosen[0] === undefined ? null : bytesOf(chosen[0]);
}

function srandmember(session: Session, args: Args): Outcome {
  if (args.length > 3) throw syntaxError();
  const members = membersAt(session, args);
  const [first] = shuffled(members);
  if (args.length === 2) return first === undefined ? null : bytesOf(first);
  const count = integerAt(args, 2);
  if (first === undefined) return [];
  if (count >= 0) return shuffled(members).slice(0, count).map(bytesOf);
  // A negative count may repeat members.
  return Array.from({ length: Math.min(-count, 1e6) }, () => bytesOf(shuffled(members)[0] ?? first));
}

type Combine = (sets: readonly Members[]) => Iterable<string>;

const inter: Combine = ([first = none, ...others]) =>
  [...first].filter((name) => others.every((other) => other.has(name)));
const union: Combine = (sets) => new Set(sets.flatMap((one) => [...one]));
const diff: Combine = ([first = none, ...others]) =>
  [...first].filter((name) => !others.some((other) => other.has(name)));

function combined(session: Session, args: Args, start: number, combine: Combine): Iterable<string> {
  return combine(args.slice(start).map((_, index) => membersAt(session, args, index + start)));
}

function show(combine: Combine): Handler {
  return (session, args) => asReply(combined(session, args, 1, combine));
}

function store(combine: Combine): Handler {
  return (session, args) => {
    const members = new Set(combined(session, args, 2, combine));
    const key = keyAt(args, 1);
    if (members.size === 0) session.database.delete(key);
    else session.database.set(key, { type: 'set', members });
    return members.size;
  };
}

function sscan(session: Session, args: Args): Outcome {
  const options = parseScan(args, 2);
  return scanned([...membersAt(session, args)], options, (name) => [bytesOf(name)]);
}

function smismember(session: Session, args: Args): Outcome {
  const members = membersAt(session, args);
  return args.slice(2).map((_, index) => Number(members.has(keyAt(args, index + 2))));
}

const read = 'readonly fast';
export const setCommands: readonly Command[] = [
  command('sadd', -3, 'write denyoom fast', keys(1), sadd),
  command('srem', -3, 'write fast', keys(1), srem),
  command('smembers', 2, 'readonly', keys(1), (session, args) => asReply(membersAt(session, args))),
  command('sismember', 3, read, keys(1), (session, args) => Number(membersAt(session, args).has(keyAt(args, 2)))),
  command('smismember', -3, read, keys(1), smismember),
  command('scard', 2, read, keys(1), (session, args) => membersAt(session, args).size),
  command('spop', -2, 'write fast', keys(1), spop),
  command('srandmember', -2, 'readonly', keys(1), srandmember),
  command('sinter', -2, 'readonly', keys(1, -1), show(inter)),
  command('sunion', -2, 'readonly', keys(1, -1), show(union)),
  command('sdiff', -2, 'readonly', keys(1, -1), show(diff)),
  command('sinterstore', -3, 'write denyoom', keys(1, -1), store(inter)),
  command('sunionstore', -3, 'write denyoom', keys(1, -1), store(union)),
  command('sdiffstore', -3, 'write denyoom', keys(1, -1), store(diff)),
  command('sscan', -3, 'readonly', keys(1), sscan),
];
