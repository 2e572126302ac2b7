import type { Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, integerAt, keyAt, syntaxError, textAt, wordAt } from '../args.ts';
import { globMatches } from '../glob.ts';
import type { Outcome, Session } from '../model.ts';

export interface ScanOptions {
  readonly cursor: number;
  readonly pattern: string | undefined;
  readonly type: string | undefined;
}

/** Cursor and options of SCAN, HSCAN, SSCAN and ZSCAN, from `start` on. */
export function parseScan(args: Args, start: number, withType = false): ScanOptions {
  const text = textAt(args, start);
  if (!/^\d{1,15}$/.test(text)) throw new CommandError('ERR invalid cursor');
  let pattern: string | undefined;
  let type: string | undefined;
  for (let index = start + 1; index < args.length; index += 2) {
    const word = wordAt(args, index);
    if (index + 1 >= args.length) throw syntaxError();
    if (word === 'COUNT') {
      if (integerAt(args, index + 1) < 1) throw syntaxError();
    } else if (word === 'MATCH') pattern = keyAt(args, index + 1);
    else if (word === 'TYPE' && withType) type = textAt(args, index + 1).toLowerCase();
    else throw syntaxError();
  }
  return { cursor: Number(text), pattern, type };
}

/** All at once: a cursor of 0 ends every scan with its first answer, which the protocol allows whatever COUNT says. */
export function scanned(names: readonly string[], options: ScanOptions, show: (name: string) => Reply[]): Outcome {
  if (options.cursor !== 0) return ['0', []];
  const { pattern } = options;
  const matching = pattern === undefined ? names : names.filter((name) => globMatches(pattern, name));
  return ['0', matching.flatMap(show)];
}

export function scanKeys(session: Session, args: Args): Outcome {
  const options = parseScan(args, 1, true);
  const { database } = session;
  const names = database.keys().filter((key) => options.type === undefined || database.get(key)?.type === options.type);
  return scanned(names, options, (name) => [bytesOf(name)]);
}
