import { error, nullArray, OK, type Reply } from '../../resp/reply.ts';
import { type Args, at, CommandError, integerAt, keyAt, own, syntaxError, wordAt } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Database } from '../database.ts';
import type { Command, Handler, Session } from '../model.ts';
import { lpos } from './list-position.ts';

export type Side = 'LEFT' | 'RIGHT';

function itemsOf(database: Database, key: string): Buffer[] | undefined {
  return database.find(key, 'list')?.items;
}

function pushItems(database: Database, key: string, side: Side, items: readonly Buffer[]): number {
  const list = database.findOrAdd(key, 'list', () => ({ type: 'list', items: [] }));
  for (const item of items) {
    if (side === 'LEFT') list.items.unshift(item);
    else list.items.push(item);
  }
  const { length } = list.items;
  database.changed(key);
  return length;
}

/** Takes one element, or undefined when there is no list. */
export function popItem(database: Database, key: string, side: Side): Buffer | undefined {
  const items = itemsOf(database, key);
  const item = side === 'LEFT' ? items?.shift() : items?.pop();
  if (item !== undefined) database.changed(key);
  return item;
}

export function sideAt(args: Args, index: number): Side {
  const word = wordAt(args, index);
  if (word !== 'LEFT' && word !== 'RIGHT') throw syntaxError();
  return word;
}

function pushTo(side: Side, onlyExisting: boolean): Handler {
  return (session, args) => {
    const key = keyAt(args, 1);
    if (onlyExisting && itemsOf(session.database, key) === undefined) return 0;
    return pushItems(session.database, key, side, args.slice(2).map(own));
  };
}

function pop(side: Side): Handler {
  return (session, args) => {
    if (args.length > 3)
      throw new CommandError(`ERR wrong number of arguments for '${side === 'LEFT' ? 'l' : 'r'}pop' command`);
    const key = keyAt(args, 1);
    if (args.length === 2) return popItem(session.database, key, side) ?? null;
    const count = args[2]?.toString() ?? '';
    if (!/^\d{1,15}$/.test(count)) throw new CommandError('ERR value is out of range, must be positive');
    const items = itemsOf(session.database, key);
    if (items === undefined) return nullArray;
    const taken =
      side === 'LEFT' ? items.splice(0, Number(count)) : items.splice(Math.max(0, items.length - Number(count)));
    if (taken.length > 0) session.database.changed(key);
    return side === 'LEFT' ? taken : taken.toReversed();
  };
}

/** Start and end of a range, inclusive, negative ones from the end; Redis' rule for lists. */
function rangeOf(args: Args, index: number, length: number): [number, number] {
  const [start, end] = [integerAt(args, index), integerAt(args, index + 1)];
  return [Math.max(0, start < 0 ? length + start : start), Math.min(length - 1, end < 0 ? length + end : end)];
}

function lrange(session: Session, args: Args): Reply {
  const items = itemsOf(session.database, keyAt(args, 1));
  const [start, end] = rangeOf(args, 2, items?.length ?? 0);
  return items?.slice(start, Math.max(start, end + 1)) ?? [];
}

function ltrim(session: Session, args: Args): Reply {
  const key = keyAt(args, 1);
  const found = session.database.find(key, 'list');
  const [start, end] = rangeOf(args, 2, found?.items.length ?? 0);
  if (found === undefined) return OK;
  found.items = found.items.slice(start, Math.max(start, end + 1));
  session.database.changed(key);
  return OK;
}

function lindex(session: Session, args: Args): Reply {
  const items = itemsOf(session.database, keyAt(args, 1));
  return items?.at(integerAt(args, 2)) ?? null;
}

function lset(session: Session, args: Args): Reply {
  const key = keyAt(args, 1);
  const items = itemsOf(session.database, key);
  if (items === undefined) return error('ERR no such key');
  const index = integerAt(args, 2);
  const position = index < 0 ? items.length + index : index;
  if (position < 0 || position >= items.length) return error('ERR index out of range');
  items[position] = own(at(args, 3));
  session.database.changed(key);
  return OK;
}

function lrem(session: Session, args: Args): Reply {
  const key = keyAt(args, 1);
  const count = integerAt(args, 2);
  const wanted = at(args, 3);
  const found = session.database.find(key, 'list');
  if (found === undefined) return 0;
  let left = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count);
  const keep = (item: Buffer): boolean => {
    const goes = left > 0 && item.equals(wanted);
    if (goes) left--;
    return !goes;
  };
  const before = found.items.length;
  found.items = count < 0 ? found.items.toReversed().filter(keep).toReversed() : found.items.filter(keep);
  const removed = before - found.items.length;
  if (removed > 0) session.database.changed(key);
  return removed;
}

function linsert(session: Session, args: Args): Reply {
  const where = wordAt(args, 2);
  if (where !== 'BEFORE' && where !== 'AFTER') throw syntaxError();
  const key = keyAt(args, 1);
  const items = itemsOf(session.database, key);
  if (items === undefined) return 0;
  const pivot = at(args, 3);
  const position = items.findIndex((item) => item.equals(pivot));
  if (position < 0) return -1;
  items.splice(where === 'BEFORE' ? position : position + 1, 0, own(at(args, 4)));
  session.database.changed(key);
  return items.length;
}

/** Moves one element; undefined when the source is empty. */
export function moveItem(
  database: Database,
  from: string,
  to: string,
  ends: readonly [Side, Side],
): Buffer | undefined {
  if (itemsOf(database, from) === undefined) return undefined;
  // The target's type is checked before anything is taken.
  itemsOf(database, to);
  const item = popItem(database, from, ends[0]);
  if (item !== undefined) pushItems(database, to, ends[1], [item]);
  return item;
}

function lmove(session: Session, args: Args): Reply {
  const ends = [sideAt(args, 3), sideAt(args, 4)] as const;
  return moveItem(session.database, keyAt(args, 1), keyAt(args, 2), ends) ?? null;
}

const write = 'write denyoom';
export const listCommands: readonly Command[] = [
  command('lpush', -3, `${write} fast`, keys(1), pushTo('LEFT', false)),
  command('rpush', -3, `${write} fast`, keys(1), pushTo('RIGHT', false)),
  command('lpushx', -3, `${write} fast`, keys(1), pushTo('LEFT', true)),
  command('rpushx', -3, `${write} fast`, keys(1), pushTo('RIGHT', true)),
  command('lpop', -2, 'write fast', keys(1), pop('LEFT')),
  command('rpop', -2, 'write fast', keys(1), pop('RIGHT')),
  command(
    'llen',
    2,
    'readonly fast',
    keys(1),
    (session, args) => itemsOf(session.database, keyAt(args, 1))?.length ?? 0,
  ),
  command('lrange', 4, 'readonly', keys(1), lrange),
  command('ltrim', 4, 'write', keys(1), ltrim),
  command('lindex', 3, 'readonly', keys(1), lindex),
  command('lset', 4, write, keys(1), lset),
  command('lrem', 4, 'write', keys(1), lrem),
  command('linsert', 5, write, keys(1), linsert),
  command('lpos', -3, 'readonly', keys(1), lpos),
  command('lmove', 5, write, keys(1, 2), lmove),
  command('rpoplpush', 3, write, keys(1, 2), (session, args) => {
    return moveItem(session.database, keyAt(args, 1), keyAt(args, 2), ['RIGHT', 'LEFT']) ?? null;
  }),
];
