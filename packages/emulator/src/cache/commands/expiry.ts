import { type Args, bigintAt, CommandError, wordAt } from '../args.ts';

export type ExpiryUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT';

export function isExpiryUnit(word: string): word is ExpiryUnit {
  return word === 'EX' || word === 'PX' || word === 'EXAT' || word === 'PXAT';
}

const largestTimeMs = 2n ** 63n - 1n;

/** The instant (epoch ms) that the number at `index` names in `unit`; a life must be positive where `positive`. */
export function expiryAt(
  args: Args,
  index: number,
  unit: ExpiryUnit,
  name: string,
  now: number,
  positive = true,
): number {
  const invalid = (): CommandError => new CommandError(`ERR invalid expire time in '${name}' command`);
  let value = bigintAt(args, index);
  if (positive && value <= 0n) throw invalid();
  if (unit === 'EX' || unit === 'EXAT') {
    value *= 1000n;
    if (value > largestTimeMs || value < -largestTimeMs) throw invalid();
  }
  if (unit === 'EX' || unit === 'PX') value += BigInt(now);
  if (value > largestTimeMs) throw invalid();
  return Number(value);
}

export interface SetOptions {
  expiresAt?: number;
  keep: boolean;
  condition?: 'NX' | 'XX';
  get: boolean;
}

/** The options of SET from `start` on, or undefined on a syntax error. */
export function parseSetOptions(args: Args, start: number, now: number): SetOptions | undefined {
  const options: SetOptions = { keep: false, get: false };
  let unit: { word: ExpiryUnit; index: number } | undefined;
  for (let index = start; index < args.length; index++) {
    const word = wordAt(args, index);
    if (word === 'NX' || word === 'XX') {
      if (options.condition !== undefined && options.condition !== word) return undefined;
      options.condition = word;
    } else if (word === 'GET') options.get = true;
    else if (word === 'KEEPTTL' && unit === undefined) options.keep = true;
    else if (isExpiryUnit(word) && !options.keep && unit === undefined && index + 1 < args.length) {
      unit = { word, index: index + 1 };
      index++;
    } else return undefined;
  }
  if (unit !== undefined) options.expiresAt = expiryAt(args, unit.index, unit.word, 'set', now);
  return options;
}
