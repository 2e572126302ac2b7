import { double } from '../../resp/reply.ts';
import { type Args, CommandError, floatAt, keyAt, syntaxError, wordAt } from '../args.ts';
import type { Outcome, Session } from '../model.ts';
import { scoresAt } from '../sorted-set.ts';

type Flag = 'NX' | 'XX' | 'GT' | 'LT' | 'CH' | 'INCR';
const allFlags: readonly Flag[] = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'];

function parseFlags(args: Args): { flags: ReadonlySet<Flag>; start: number } {
  const flags = new Set<Flag>();
  let start = 2;
  for (; start < args.length; start++) {
    const flag = allFlags.find((one) => one === wordAt(args, start));
    if (flag === undefined) break;
    flags.add(flag);
  }
  const pairs = args.length - start;
  if (pairs === 0 || pairs % 2 === 1) throw syntaxError();
  checkFlags(flags, pairs / 2);
  return { flags, start };
}

function checkFlags(flags: ReadonlySet<Flag>, pairs: number): void {
  if (flags.has('NX') && flags.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  const exclusive = (['GT', 'LT', 'NX'] as const).filter((flag) => flags.has(flag));
  if (exclusive.length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (flags.has('INCR') && pairs > 1) {
    throw new CommandError('ERR INCR option supports a single increment-element pair');
  }
}

/** The new score, or undefined when the flags forbid it. */
function scoreAfter(flags: ReadonlySet<Flag>, before: number | undefined, given: number): number | undefined {
  if (before === undefined) return flags.has('XX') ? undefined : given;
  if (flags.has('NX')) return undefined;
  const after = flags.has('INCR') ? before + given : given;
  if (Number.isNaN(after)) throw new CommandError('ERR resulting score is not a number (NaN)');
  if ((flags.has('GT') && after <= before) || (flags.has('LT') && after >= before)) return undefined;
  return after;
}

/** https://redis.io/docs/latest/commands/zadd/ */
export function zadd(session: Session, args: Args): Outcome {
  const { flags, start } = parseFlags(args);
  const given: [string, number][] = [];
  for (let index = start; index < args.length; index += 2) {
    given.push([keyAt(args, index + 1), floatAt(args, index)]);
  }
  const key = keyAt(args, 1);
  const existing = scoresAt(session, key);
  if (existing.size === 0 && flags.has('XX')) return flags.has('INCR') ? null : 0;
  const { scores } = session.database.findOrAdd(key, 'zset', () => ({ type: 'zset', scores: new Map() }));
  let [added, updated] = [0, 0];
  let last: number | undefined;
  for (const [member, score] of given) {
    const before = scores.get(member);
    last = scoreAfter(flags, before, score);
    if (last === undefined) continue;
    scores.set(member, last);
    if (before === undefined) added++;
    else if (before !== last) updated++;
  }
  session.database.changed(key);
  if (flags.has('INCR')) return last === undefined ? null : double(last);
  return flags.has('CH') ? added + updated : added;
}

export function zincrby(session: Session, args: Args): Outcome {
  const by = floatAt(args, 2);
  const key = keyAt(args, 1);
  const member = keyAt(args, 3);
  const after = (scoresAt(session, key).get(member) ?? 0) + by;
  if (Number.isNaN(after)) throw new CommandError('ERR resulting score is not a number (NaN)');
  const { scores } = session.database.findOrAdd(key, 'zset', () => ({ type: 'zset', scores: new Map() }));
  scores.set(member, after);
  session.database.changed(key);
  return double(after);
}
