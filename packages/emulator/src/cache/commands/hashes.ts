import { map, OK, type Reply } from '../../resp/reply.ts';
import { type Args, at, bigintAt, bytesOf, CommandError, fitsInt64, keyAt, own, parseInt64 } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';
import { parseScan, scanned } from './scan.ts';

type Fields = Map<string, Buffer>;

function fieldsAt(session: Session, args: Args): Fields | undefined {
  return session.database.find(keyAt(args, 1), 'hash')?.fields;
}

function fieldsToWrite(session: Session, args: Args): Fields {
  return session.database.findOrAdd(keyAt(args, 1), 'hash', () => ({ type: 'hash', fields: new Map() })).fields;
}

/** Sets pairs from index 2 on; answers how many fields are new. */
function setPairs(session: Session, args: Args, name: string): number {
  if (args.length % 2 === 1) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
  const fields = fieldsToWrite(session, args);
  const before = fields.size;
  for (let index = 2; index < args.length; index += 2) fields.set(keyAt(args, index), own(at(args, index + 1)));
  session.database.changed(keyAt(args, 1));
  return fields.size - before;
}

function hmset(session: Session, args: Args): Outcome {
  setPairs(session, args, 'hmset');
  return OK;
}

function hsetnx(session: Session, args: Args): Outcome {
  if (fieldsAt(session, args)?.has(keyAt(args, 2)) === true) return 0;
  fieldsToWrite(session, args).set(keyAt(args, 2), own(at(args, 3)));
  session.database.changed(keyAt(args, 1));
  return 1;
}

function hmget(session: Session, args: Args): Outcome {
  const fields = fieldsAt(session, args);
  return args.slice(2).map((_, index) => fields?.get(keyAt(args, index + 2)) ?? null);
}

function hgetall(session: Session, args: Args): Outcome {
  return map([...(fieldsAt(session, args) ?? [])].map(([name, value]) => [bytesOf(name), value] as const));
}

function hdel(session: Session, args: Args): Outcome {
  const fields = fieldsAt(session, args);
  if (fields === undefined) return 0;
  const removed = args.slice(2).filter((_, index) => fields.delete(keyAt(args, index + 2))).length;
  if (removed > 0) session.database.changed(keyAt(args, 1));
  return removed;
}

function hincrby(session: Session, args: Args): Outcome {
  const by = bigintAt(args, 3);
  const name = keyAt(args, 2);
  const found = fieldsAt(session, args)?.get(name);
  const before = found === undefined ? 0n : parseInt64(found.toString('latin1'));
  if (before === undefined) throw new CommandError('ERR hash value is not an integer');
  if (!fitsInt64(before + by)) throw new CommandError('ERR increment or decrement would overflow');
  fieldsToWrite(session, args).set(name, Buffer.from(String(before + by)));
  session.database.changed(keyAt(args, 1));
  return before + by;
}

function hscan(session: Session, args: Args): Outcome {
  const options = parseScan(args, 2);
  const fields = fieldsAt(session, args) ?? new Map<string, Buffer>();
  return scanned([...fields.keys()], options, (name): Reply[] => [bytesOf(name), fields.get(name) ?? null]);
}

const read = 'readonly fast';
const write = 'write denyoom fast';
export const hashCommands: readonly Command[] = [
  command('hset', -4, write, keys(1), (session, args) => setPairs(session, args, 'hset')),
  command('hmset', -4, write, keys(1), hmset),
  command('hsetnx', 4, write, keys(1), hsetnx),
  command('hget', 3, read, keys(1), (session, args) => fieldsAt(session, args)?.get(keyAt(args, 2)) ?? null),
  command('hmget', -3, read, keys(1), hmget),
  command('hgetall', 2, 'readonly', keys(1), hgetall),
  command('hdel', -3, 'write fast', keys(1), hdel),
  command('hexists', 3, read, keys(1), (session, args) =>
    Number(fieldsAt(session, args)?.has(keyAt(args, 2)) ?? false),
  ),
  command('hkeys', 2, 'readonly', keys(1), (session, args) =>
    [...(fieldsAt(session, args)?.keys() ?? [])].map(bytesOf),
  ),
  command('hvals', 2, 'readonly', keys(1), (session, args) => [...(fieldsAt(session, args)?.values() ?? [])]),
  command('hlen', 2, read, keys(1), (session, args) => fieldsAt(session, args)?.size ?? 0),
  command('hstrlen', 3, read, keys(1), (session, args) => fieldsAt(session, args)?.get(keyAt(args, 2))?.length ?? 0),
  command('hincrby', 4, write, keys(1), hincrby),
  command('hscan', -3, 'readonly', keys(1), hscan),
];
