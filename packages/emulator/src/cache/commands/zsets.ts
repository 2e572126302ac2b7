import { formatDouble } from '../../resp/encode.ts';
import { double, type Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, integerAt, keyAt, syntaxError } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { type Scored, scoresAt, showScored, sorted } from '../sorted-set.ts';
import { popOrBlock } from './blocking-lists.ts';
import { parseScan, scanned } from './scan.ts';
import { zadd, zincrby } from './zset-add.ts';
import { inScores, scoreBoundAt, zrange, zrangeByScore } from './zset-range.ts';

function removeMembers(session: Session, key: string, members: readonly string[]): number {
  const scores = session.database.find(key, 'zset')?.scores;
  const removed = members.filter((member) => scores?.delete(member)).length;
  if (removed > 0) session.database.changed(key);
  return removed;
}

function zrem(session: Session, args: Args): Outcome {
  return removeMembers(
    session,
    keyAt(args, 1),
    args.slice(2).map((_, index) => keyAt(args, index + 2)),
  );
}

const showScore = (score: number | undefined): Reply => (score === undefined ? null : double(score));

function rank(reverse: boolean): Handler {
  return (session, args) => {
    const members = sorted(scoresAt(session, keyAt(args, 1)));
    const index = members.findIndex(([member]) => member === keyAt(args, 2));
    if (index < 0) return null;
    return reverse ? members.length - 1 - index : index;
  };
}

function zcount(session: Session, args: Args): Outcome {
  const [min, max] = [scoreBoundAt(args, 2), scoreBoundAt(args, 3)];
  return inScores(scoresAt(session, keyAt(args, 1)), min, max).length;
}

function zremrangebyscore(session: Session, args: Args): Outcome {
  const [min, max] = [scoreBoundAt(args, 2), scoreBoundAt(args, 3)];
  const key = keyAt(args, 1);
  return removeMembers(
    session,
    key,
    inScores(scoresAt(session, key), min, max).map(([member]) => member),
  );
}

/** Takes up to `count` members from one end. */
function take(session: Session, key: string, lowest: boolean, count: number): Scored[] {
  const members = sorted(scoresAt(session, key));
  const taken = (lowest ? members : members.toReversed()).slice(0, count);
  removeMembers(
    session,
    key,
    taken.map(([member]) => member),
  );
  return taken;
}

function pop(lowest: boolean): Handler {
  return (session, args) => {
    if (args.length > 3) throw syntaxError();
    const count = args.length === 3 ? integerAt(args, 2) : 1;
    if (count < 0) throw new CommandError('ERR value is out of range, must be positive');
    const taken = take(session, keyAt(args, 1), lowest, count);
    // Only the form with a count answers pairs in RESP3.
    if (args.length === 3) return showScored(session, taken, true);
    return taken.flatMap(([member, score]): Reply[] => [bytesOf(member), double(score)]);
  };
}

function blockingPop(lowest: boolean): Handler {
  return popOrBlock((session, key) => {
    const [taken] = take(session, key, lowest, 1);
    return taken && [bytesOf(key), bytesOf(taken[0]), double(taken[1])];
  });
}

function zscan(session: Session, args: Args): Outcome {
  const options = parseScan(args, 2);
  const scores = scoresAt(session, keyAt(args, 1));
  const names = sorted(scores).map(([member]) => member);
  return scanned(names, options, (name): Reply[] => [bytesOf(name), formatDouble(scores.get(name) ?? 0)]);
}

const read = 'readonly fast';
export const zsetCommands: readonly Command[] = [
  command('zadd', -4, 'write denyoom fast', keys(1), zadd),
  command('zincrby', 4, 'write denyoom fast', keys(1), zincrby),
  command('zrem', -3, 'write fast', keys(1), zrem),
  command('zcard', 2, read, keys(1), (session, args) => scoresAt(session, keyAt(args, 1)).size),
  command('zscore', 3, read, keys(1), (session, args) =>
    showScore(scoresAt(session, keyAt(args, 1)).get(keyAt(args, 2))),
  ),
  command('zmscore', -3, read, keys(1), (session, args) => {
    const scores = scoresAt(session, keyAt(args, 1));
    return args.slice(2).map((_, index) => showScore(scores.get(keyAt(args, index + 2))));
  }),
  command('zrank', 3, read, keys(1), rank(false)),
  command('zrevrank', 3, read, keys(1), rank(true)),
  command('zcount', 4, read, keys(1), zcount),
  command('zrange', -4, 'readonly', keys(1), zrange),
  command('zrevrange', -4, 'readonly', keys(1), zrange),
  command('zrangebyscore', -4, 'readonly', keys(1), zrangeByScore(false)),
  command('zrevrangebyscore', -4, 'readonly', keys(1), zrangeByScore(true)),
  command('zremrangebyscore', 4, 'write', keys(1), zremrangebyscore),
  command('zpopmin', -2, 'write fast', keys(1), pop(true)),
  command('zpopmax', -2, 'write fast', keys(1), pop(false)),
  command('bzpopmin', -3, 'write noscript blocking fast', keys(1, -2), blockingPop(true)),
  command('bzpopmax', -3, 'write noscript blocking fast', keys(1, -2), blockingPop(false)),
  command('zscan', -3, 'readonly', keys(1), zscan),
];
