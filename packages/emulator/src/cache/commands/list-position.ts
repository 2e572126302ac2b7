import type { Reply } from '../../resp/reply.ts';
import { type Args, at, CommandError, integerAt, keyAt, syntaxError, wordAt } from '../args.ts';
import type { Session } from '../model.ts';

interface Options {
  rank: number;
  count: number | undefined;
  maxLength: number;
}

function parseOptions(args: Args): Options {
  const options: Options = { rank: 1, count: undefined, maxLength: 0 };
  for (let index = 3; index < args.length; index += 2) {
    const word = wordAt(args, index);
    if (!['RANK', 'COUNT', 'MAXLEN'].includes(word) || index + 1 >= args.length) throw syntaxError();
    const value = integerAt(args, index + 1);
    if (word === 'RANK') options.rank = value;
    else if (value < 0) throw new CommandError(`ERR ${word} can't be negative`);
    else if (word === 'COUNT') options.count = value;
    else options.maxLength = value;
  }
  if (options.rank === 0) {
    throw new CommandError(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    );
  }
  return options;
}

/** https://redis.io/docs/latest/commands/lpos/ */
export function lpos(session: Session, args: Args): Reply {
  const { rank, count, maxLength } = parseOptions(args);
  const items = session.database.find(keyAt(args, 1), 'list')?.items;
  if (items === undefined) return count === undefined ? null : [];
  const wanted = at(args, 2);
  const compared = maxLength === 0 ? items.length : Math.min(maxLength, items.length);
  const found: number[] = [];
  for (let step = 0; step < compared; step++) {
    const index = rank > 0 ? step : items.length - 1 - step;
    if (items[index]?.equals(wanted) === true) found.push(index);
  }
  const first = Math.abs(rank) - 1;
  if (count === undefined) return found[first] ?? null;
  return found.slice(first, count === 0 ? undefined : first + count);
}
