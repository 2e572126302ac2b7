import { nullArray, type Reply } from '../../resp/reply.ts';
import { type Args, at, bytesOf, CommandError, copyOf, keyAt, keyOf } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { map } from '../../resp/reply.ts';
import { block } from '../waiting.ts';

type Side = 'LEFT' | 'RIGHT';

function pushTo(side: Side): Handler {
  return ({ database }, args) => {
    const key = keyAt(args, 1);
    const { items } = database.findOrAdd(key, 'list', () => ({ type: 'list', items: [] }));
    for (const item of args.slice(2).map(copyOf)) {
      if (side === 'LEFT') items.unshift(item);
      else items.push(item);
    }
    database.changed(key);
    return items.length;
  };
}

/** Seconds, fractions allowed, 0 forever; as ms. */
function timeoutMsAt(args: Args, index: number): number {
  const text = at(args, index).toString('latin1');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || Number(text) > 9e15) {
    throw new CommandError('ERR timeout is not a float or out of range');
  }
  if (Number(text) < 0) throw new CommandError('ERR timeout is negative');
  return Math.ceil(Number(text) * 1000);
}

/** Pops from the first of its keys that has something, or waits for one of them. */
function popOrBlock(side: Side): Handler {
  return (session, args): Outcome => {
    const { database } = session;
    const timeoutMs = timeoutMsAt(args, args.length - 1);
    const names = args.slice(1, -1).map(keyOf);
    const attempt = (key: string): Reply | undefined => {
      const items = database.find(key, 'list')?.items;
      const item = side === 'LEFT' ? items?.shift() : items?.pop();
      if (item === undefined) return undefined;
      database.changed(key);
      return [bytesOf(key), item];
    };
    for (const key of names) {
      const reply = attempt(key);
      if (reply !== undefined) return reply;
    }
    return block(session, { keys: names, timeoutMs, attempt, onTimeout: nullArray });
  };
}

function setFields({ database }: Session, args: Args): Reply {
  if (args.length % 2 === 1) throw new CommandError("ERR wrong number of arguments for 'hset' command");
  const key = keyAt(args, 1);
  const { fields } = database.findOrAdd(key, 'hash', () => ({ type: 'hash', fields: new Map() }));
  const before = fields.size;
  for (let index = 2; index < args.length; index += 2) fields.set(keyAt(args, index), copyOf(at(args, index + 1)));
  database.changed(key);
  return fields.size - before;
}

function allFields({ database }: Session, args: Args): Reply {
  const fields = database.find(keyAt(args, 1), 'hash')?.fields ?? new Map<string, Buffer>();
  return map([...fields].map(([name, value]) => [bytesOf(name), value]));
}

const write = 'write denyoom fast';
export const collectionCommands: readonly Command[] = [
  command('lpush', -3, write, keys(1), pushTo('LEFT')),
  command('rpush', -3, write, keys(1), pushTo('RIGHT')),
  command(
    'llen',
    2,
    'readonly fast',
    keys(1),
    ({ database }, args) => database.find(keyAt(args, 1), 'list')?.items.length ?? 0,
  ),
  command('blpop', -3, 'write noscript blocking', keys(1, -2), popOrBlock('LEFT')),
  command('brpop', -3, 'write noscript blocking', keys(1, -2), popOrBlock('RIGHT')),
  command('hset', -4, write, keys(1), setFields),
  command('hgetall', 2, 'readonly', keys(1), allFields),
];
