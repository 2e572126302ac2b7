import { OK, type Reply } from '../../resp/reply.ts';
import {
  type Args,
  at,
  bigintAt,
  CommandError,
  copyOf,
  fitsInt64,
  keyAt,
  notInteger,
  parseInt64,
  syntaxError,
  wordAt,
} from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';

const largestTimeMs = 2n ** 63n - 1n;

/** When a key goes (epoch ms), by the life at `index` in seconds or ms. */
function expiryAt(args: Args, index: number, unit: 'EX' | 'PX', { name, now }: { name: string; now: number }): bigint {
  const life = bigintAt(args, index) * (unit === 'EX' ? 1000n : 1n);
  const expiresAt = life + BigInt(now);
  if (life > largestTimeMs || life < -largestTimeMs || expiresAt > largestTimeMs) {
    throw new CommandError(`ERR invalid expire time in '${name}' command`);
  }
  return expiresAt;
}

interface SetOptions {
  expiresAt?: bigint;
  condition?: 'NX' | 'XX';
  get: boolean;
}

function setOptions(args: Args, now: number): SetOptions {
  const options: SetOptions = { get: false };
  for (let index = 3; index < args.length; index++) {
    const word = wordAt(args, index);
    if ((word === 'NX' || word === 'XX') && (options.condition ?? word) === word) options.condition = word;
    else if (word === 'GET') options.get = true;
    else if ((word === 'EX' || word === 'PX') && options.expiresAt === undefined && index + 1 < args.length) {
      options.expiresAt = expiryAt(args, ++index, word, { name: 'set', now });
      if (options.expiresAt <= BigInt(now)) throw new CommandError("ERR invalid expire time in 'set' command");
    } else throw syntaxError();
  }
  return options;
}

/** https://redis.io/docs/latest/commands/set/, without the rarer ways to say when the key expires. */
function set({ database }: Session, args: Args): Outcome {
  const { expiresAt, condition, get } = setOptions(args, database.now());
  const key = keyAt(args, 1);
  const before = get ? (database.find(key, 'string')?.bytes ?? null) : undefined;
  const exists = database.get(key) !== undefined;
  if ((condition === 'NX' && exists) || (condition === 'XX' && !exists)) return before ?? null;
  const bytes = copyOf(at(args, 2));
  database.set(key, { type: 'string', bytes }, expiresAt === undefined ? undefined : Number(expiresAt));
  return before === undefined ? OK : before;
}

function increment({ database }: Session, args: Args): Reply {
  const key = keyAt(args, 1);
  const found = database.find(key, 'string');
  const before = found === undefined ? 0n : parseInt64(found.bytes.toString('latin1'));
  if (before === undefined) throw notInteger();
  const after = before + 1n;
  if (!fitsInt64(after)) throw new CommandError('ERR increment or decrement would overflow');
  const bytes = Buffer.from(String(after));
  if (found === undefined) database.set(key, { type: 'string', bytes });
  else found.bytes = bytes;
  return after;
}

/** A key of another type counts as one that is not there. */
function getMany({ database }: Session, args: Args): Reply {
  return args.slice(1).map((_, index) => {
    const value = database.get(keyAt(args, index + 1));
    return value?.type === 'string' ? value.bytes : null;
  });
}

/** https://redis.io/docs/latest/commands/expire/, without its options. */
function expire({ database }: Session, args: Args): Reply {
  if (args.length > 3) throw syntaxError();
  const key = keyAt(args, 1);
  const expiresAt = expiryAt(args, 2, 'EX', { name: 'expire', now: database.now() });
  const entry = database.entry(key);
  if (entry === undefined) return 0;
  if (expiresAt <= BigInt(database.now())) database.delete(key);
  else entry.expiresAt = Number(expiresAt);
  return 1;
}

const write = 'write denyoom';
export const stringCommands: readonly Command[] = [
  command(
    'get',
    2,
    'readonly fast',
    keys(1),
    ({ database }, args) => database.find(keyAt(args, 1), 'string')?.bytes ?? null,
  ),
  command('mget', -2, 'readonly fast', keys(1, -1), getMany),
  command('set', -3, write, keys(1), set),
  command('incr', 2, `${write} fast`, keys(1), increment),
  command('expire', -3, 'write fast', keys(1), expire),
];
