import { nullArray } from '../../resp/reply.ts';
import { type Args, CommandError, integerAt, keyAt, own, syntaxError, textAt, wordAt } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { between, newStream, showEntry, showId, type Stream } from '../stream.ts';
import { streamGroupCommands } from './stream-groups.ts';
import { boundAt, idAt, newId } from './stream-ids.ts';
import { streamReadCommands } from './stream-read.ts';
import { parseTrim, type Trim, trimStream } from './stream-trim.ts';

function streamAt(session: Session, args: Args, index = 1): Stream | undefined {
  return session.database.find(keyAt(args, index), 'stream')?.stream;
}

/** https://redis.io/docs/latest/commands/xadd/ */
function xadd(session: Session, args: Args): Outcome {
  const { database } = session;
  let index = 2;
  let create = true;
  let trim: Trim | undefined;
  for (; index < args.length; ) {
    const word = wordAt(args, index);
    if (word === 'NOMKSTREAM') {
      create = false;
      index++;
    } else if (word === 'MAXLEN' || word === 'MINID') ({ trim, next: index } = parseTrim(args, index));
    else break;
  }
  const fields = args.slice(index + 1).map(own);
  if (index >= args.length) throw syntaxError();
  // The id is looked at before the fields are counted.
  if (!/^\d*-?\*$/.test(textAt(args, index))) idAt(args, index);
  if (fields.length === 0 || fields.length % 2 === 1) {
    throw new CommandError("ERR wrong number of arguments for 'xadd' command");
  }
  const key = keyAt(args, 1);
  const existing = streamAt(session, args);
  if (existing === undefined && !create) return null;
  const id = newId(textAt(args, index), existing?.lastId ?? 0n, database.now());
  const { stream } = database.findOrAdd(key, 'stream', () => ({ type: 'stream', stream: newStream() }));
  stream.entries.push({ id, fields });
  stream.lastId = id;
  if (trim !== undefined) trimStream(stream, trim);
  database.changed(key);
  return showId(id);
}

function countOption(args: Args, index: number): number {
  if (index >= args.length) return Number.POSITIVE_INFINITY;
  if (wordAt(args, index) !== 'COUNT' || args.length !== index + 2) throw syntaxError();
  const count = integerAt(args, index + 1);
  return count < 0 ? 0 : count;
}

function range(reverse: boolean): Handler {
  return (session, args) => {
    const [low, high] = reverse ? [3, 2] : [2, 3];
    const [from, to] = [boundAt(args, low, true), boundAt(args, high, false)];
    const count = countOption(args, 4);
    const stream = streamAt(session, args);
    if (stream === undefined) return [];
    if (count === 0) return nullArray;
    const found = between(stream, from, to);
    return (reverse ? found.toReversed() : found).slice(0, count).map(showEntry);
  };
}

function xdel(session: Session, args: Args): Outcome {
  const ids = new Set(args.slice(2).map((_, index) => idAt(args, index + 2)));
  const stream = streamAt(session, args);
  if (stream === undefined) return 0;
  const before = stream.entries.length;
  stream.entries = stream.entries.filter(({ id }) => !ids.has(id));
  const removed = before - stream.entries.length;
  if (removed > 0) session.database.changed(keyAt(args, 1));
  return removed;
}

function xtrim(session: Session, args: Args): Outcome {
  const kind = wordAt(args, 2);
  if (kind !== 'MAXLEN' && kind !== 'MINID') throw syntaxError();
  const { trim, next } = parseTrim(args, 2);
  if (next !== args.length) throw syntaxError();
  const stream = streamAt(session, args);
  if (stream === undefined) return 0;
  const removed = trimStream(stream, trim);
  if (removed > 0) session.database.changed(keyAt(args, 1));
  return removed;
}

export const streamCommands: readonly Command[] = [
  command('xadd', -5, 'write denyoom fast', keys(1), xadd),
  command('xlen', 2, 'readonly fast', keys(1), (session, args) => streamAt(session, args)?.entries.length ?? 0),
  command('xrange', -4, 'readonly', keys(1), range(false)),
  command('xrevrange', -4, 'readonly', keys(1), range(true)),
  command('xdel', -3, 'write fast', keys(1), xdel),
  command('xtrim', -4, 'write', keys(1), xtrim),
  ...streamReadCommands,
  ...streamGroupCommands,
];
