import { nullArray, type Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, keyAt, parseFloatText, textAt } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { block } from '../waiting.ts';
import { moveItem, popItem, type Side, sideAt } from './lists.ts';

/** Seconds, fractions allowed, 0: forever; as ms. */
function timeoutMsAt(args: Args, index: number): number {
  const seconds = parseFloatText(textAt(args, index));
  if (seconds === undefined || seconds > 9e15) throw new CommandError('ERR timeout is not a float or out of range');
  if (seconds < 0) throw new CommandError('ERR timeout is negative');
  return Math.ceil(seconds * 1000);
}

/** A command that pops from the first of its keys that has something, or waits for one of them. */
export function popOrBlock(pop: (session: Session, key: string) => Reply | undefined): Handler {
  return (session, args) => {
    const timeoutMs = timeoutMsAt(args, args.length - 1);
    const names = args.slice(1, -1).map((_, index) => keyAt(args, index + 1));
    const attempt = (key: string): Reply | undefined => pop(session, key);
    for (const key of names) {
      const reply = attempt(key);
      if (reply !== undefined) return reply;
    }
    return block(session, { keys: names, timeoutMs, attempt, onTimeout: nullArray });
  };
}

function popList(side: Side): Handler {
  return popOrBlock((session, key) => {
    const item = popItem(session.database, key, side);
    return item === undefined ? undefined : [bytesOf(key), item];
  });
}

function move(session: Session, args: Args, ends: readonly [Side, Side]): Outcome {
  const timeoutMs = timeoutMsAt(args, args.length - 1);
  const [from, to] = [keyAt(args, 1), keyAt(args, 2)];
  const attempt = (): Reply | undefined => moveItem(session.database, from, to, ends);
  return attempt() ?? block(session, { keys: [from], timeoutMs, attempt, onTimeout: null });
}

export const blockingListCommands: readonly Command[] = [
  command('blpop', -3, 'write noscript blocking', keys(1, -2), popList('LEFT')),
  command('brpop', -3, 'write noscript blocking', keys(1, -2), popList('RIGHT')),
  command('blmove', 6, 'write denyoom noscript blocking', keys(1, 2), (session, args) => {
    return move(session, args, [sideAt(args, 3), sideAt(args, 4)]);
  }),
  command('brpoplpush', 4, 'write denyoom noscript blocking', keys(1, 2), (session, args) => {
    return move(session, args, ['RIGHT', 'LEFT']);
  }),
];
