import { OK, type Reply } from '../../resp/reply.ts';
import {
  type Args,
  at,
  bigintAt,
  CommandError,
  fitsInt64,
  integerAt,
  keyAt,
  notInteger,
  own,
  parseInt64,
} from '../args.ts';
import { command, keys } from '../command.ts';
import type { Database } from '../database.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { getex, psetex, set, setex, setnx } from './string-set.ts';

const maxStringLength = 512 * 1024 * 1024;

function bytesAt(database: Database, key: string): Buffer | undefined {
  return database.find(key, 'string')?.bytes;
}

function get(session: Session, args: Args): Reply {
  return bytesAt(session.database, keyAt(args, 1)) ?? null;
}

function mget(session: Session, args: Args): Reply {
  return args.slice(1).map((_, index) => {
    const value = session.database.get(keyAt(args, index + 1));
    return value?.type === 'string' ? value.bytes : null;
  });
}

function mset(session: Session, args: Args): void {
  for (let index = 1; index < args.length; index += 2) {
    session.database.set(keyAt(args, index), { type: 'string', bytes: own(at(args, index + 1)) });
  }
}

function pairs(name: string, run: (session: Session, args: Args) => Outcome): Handler {
  return (session, args) => {
    if (args.length % 2 === 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
    return run(session, args);
  };
}

function msetnx(session: Session, args: Args): Outcome {
  for (let index = 1; index < args.length; index += 2) {
    if (session.database.get(keyAt(args, index)) !== undefined) return 0;
  }
  mset(session, args);
  return 1;
}

function add(session: Session, key: string, by: bigint): Outcome {
  const { database } = session;
  const found = database.find(key, 'string');
  const before = found === undefined ? 0n : parseInt64(found.bytes.toString('latin1'));
  if (before === undefined) throw notInteger();
  const after = before + by;
  if (!fitsInt64(after)) throw new CommandError('ERR increment or decrement would overflow');
  const bytes = Buffer.from(String(after));
  if (found === undefined) database.set(key, { type: 'string', bytes });
  else {
    found.bytes = bytes;
    database.changed(key);
  }
  return after;
}

function decrby(session: Session, args: Args): Outcome {
  const by = bigintAt(args, 2);
  if (!fitsInt64(-by)) throw new CommandError('ERR decrement would overflow');
  return add(session, keyAt(args, 1), -by);
}

function append(session: Session, args: Args): Outcome {
  const { database } = session;
  const key = keyAt(args, 1);
  const found = database.find(key, 'string');
  const bytes = Buffer.concat([found?.bytes ?? Buffer.alloc(0), at(args, 2)]);
  if (found === undefined) database.set(key, { type: 'string', bytes });
  else {
    found.bytes = bytes;
    database.changed(key);
  }
  return bytes.length;
}

function getdel(session: Session, args: Args): Outcome {
  const key = keyAt(args, 1);
  const bytes = bytesAt(session.database, key);
  if (bytes === undefined) return null;
  session.database.delete(key);
  return bytes;
}

function getset(session: Session, args: Args): Outcome {
  const key = keyAt(args, 1);
  const before = bytesAt(session.database, key);
  session.database.set(key, { type: 'string', bytes: own(at(args, 2)) });
  return before ?? null;
}

function getrange(session: Session, args: Args): Outcome {
  const [start, end] = [integerAt(args, 2), integerAt(args, 3)];
  const bytes = bytesAt(session.database, keyAt(args, 1));
  if (bytes === undefined || (start < 0 && end < 0 && start > end)) return '';
  const from = Math.max(0, start < 0 ? bytes.length + start : start);
  const to = Math.max(0, end < 0 ? bytes.length + end : end);
  return Buffer.from(bytes.subarray(from, to + 1));
}

function setrange(session: Session, args: Args): Outcome {
  const { database } = session;
  const offset = integerAt(args, 2);
  const patch = at(args, 3);
  if (offset < 0) throw new CommandError('ERR offset is out of range');
  const key = keyAt(args, 1);
  const found = database.find(key, 'string');
  if (patch.length === 0) return found?.bytes.length ?? 0;
  if (offset + patch.length > maxStringLength) {
    throw new CommandError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
  }
  const before = found?.bytes ?? Buffer.alloc(0);
  const bytes = Buffer.alloc(Math.max(before.length, offset + patch.length));
  before.copy(bytes);
  patch.copy(bytes, offset);
  if (found === undefined) database.set(key, { type: 'string', bytes });
  else {
    found.bytes = bytes;
    database.changed(key);
  }
  return bytes.length;
}

const write = 'write denyoom';
export const stringCommands: readonly Command[] = [
  command('get', 2, 'readonly fast', keys(1), get),
  command('set', -3, write, keys(1), set),
  command('setnx', 3, `${write} fast`, keys(1), setnx),
  command('setex', 4, write, keys(1), setex),
  command('psetex', 4, write, keys(1), psetex),
  command('getex', -2, 'write fast', keys(1), getex),
  command('getdel', 2, 'write fast', keys(1), getdel),
  command('getset', 3, `${write} fast`, keys(1), getset),
  command('mget', -2, 'readonly fast', keys(1, -1), mget),
  command(
    'mset',
    -3,
    write,
    keys(1, -1, 2),
    pairs('mset', (session, args) => (mset(session, args), OK)),
  ),
  command('msetnx', -3, write, keys(1, -1, 2), pairs('msetnx', msetnx)),
  command('append', 3, `${write} fast`, keys(1), append),
  command('strlen', 2, 'readonly fast', keys(1), (session, args) => {
    return bytesAt(session.database, keyAt(args, 1))?.length ?? 0;
  }),
  command('incr', 2, `${write} fast`, keys(1), (session, args) => add(session, keyAt(args, 1), 1n)),
  command('decr', 2, `${write} fast`, keys(1), (session, args) => add(session, keyAt(args, 1), -1n)),
  command('incrby', 3, `${write} fast`, keys(1), (session, args) => add(session, keyAt(args, 1), bigintAt(args, 2))),
  command('decrby', 3, `${write} fast`, keys(1), decrby),
  command('getrange', 4, 'readonly', keys(1), getrange),
  command('setrange', 4, write, keys(1), setrange),
];
