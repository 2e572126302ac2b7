import type { Reply } from '../../resp/reply.ts';
import { type Args, at, bytesOf, CommandError, integerAt, keyAt, keyOf, syntaxError, textAt, wordAt } from '../args.ts';
import { command, keys } from '../command.ts';
import { globMatches } from '../glob.ts';
import type { Command, Session } from '../model.ts';
import { crc16 } from '../slots.ts';

function remove({ database }: Session, args: Args): Reply {
  return args.slice(1).filter((_, index) => database.delete(keyAt(args, index + 1))).length;
}

interface ScanOptions {
  count: number;
  pattern: string;
  type?: string;
}

function scanOptions(args: Args): ScanOptions {
  const options: ScanOptions = { count: 10, pattern: '*' };
  for (let index = 2; index < args.length; index += 2) {
    const word = wordAt(args, index);
    const value = at(args, index + 1);
    if (word === 'COUNT') options.count = integerAt(args, index + 1);
    else if (word === 'MATCH') options.pattern = keyOf(value);
    else if (word === 'TYPE') options.type = value.toString().toLowerCase();
    else throw syntaxError();
    if (options.count < 1) throw syntaxError();
  }
  return options;
}

function cursorAt(args: Args, index: number): bigint {
  const text = textAt(args, index);
  const cursor = /^\d*$/.test(text) ? BigInt(text) : 2n ** 64n;
  if (cursor >= 2n ** 64n) throw new CommandError('ERR invalid cursor');
  return cursor;
}

/**
 * https://redis.io/docs/latest/commands/scan/. The cursor is a position among the checksums of keys: one that is there from the
 * first call to the last is returned, whatever is written or deleted meanwhile. Keys with the same checksum come together.
 */
function scan({ database }: Session, args: Args): Reply {
  const cursor = cursorAt(args, 1);
  const { count, pattern, type } = scanOptions(args);
  const left = database
    .keys()
    .map((key) => ({ key, position: crc16(bytesOf(key)) }))
    .filter(({ position }) => position >= cursor)
    .sort((a, b) => a.position - b.position);
  const last = left[count - 1]?.position ?? Infinity;
  const next = left.find(({ position }) => position > last)?.position ?? 0;
  const found = left
    .filter(({ key, position }) => position <= last && globMatches(pattern, key))
    .filter(({ key }) => type === undefined || database.get(key)?.type === type);
  return [String(next), found.map(({ key }) => bytesOf(key))];
}

/** Of keys, whatever they hold. */
export const keyCommands: readonly Command[] = [
  command('del', -2, 'write', keys(1, -1), remove),
  command('scan', -2, 'readonly', undefined, scan),
];
