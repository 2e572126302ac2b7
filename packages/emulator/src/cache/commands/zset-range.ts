import { type Args, CommandError, integerAt, keyAt, parseFloatText, syntaxError, textAt, wordAt } from '../args.ts';
import type { Handler, Outcome, Session } from '../model.ts';
import { type Scored, scoresAt, showScored, sorted } from '../sorted-set.ts';

export interface Bound {
  readonly score: number;
  readonly exclusive: boolean;
}

/** `5`, `(5`, `-inf`. */
export function scoreBoundAt(args: Args, index: number): Bound {
  const text = textAt(args, index);
  const exclusive = text.startsWith('(');
  const score = parseFloatText(exclusive ? text.slice(1) : text);
  if (score === undefined) throw new CommandError('ERR min or max is not a float');
  return { score, exclusive };
}

export function inScores(scores: ReadonlyMap<string, number>, min: Bound, max: Bound): Scored[] {
  return sorted(scores).filter(
    ([, score]) =>
      (min.exclusive ? score > min.score : score >= min.score) &&
      (max.exclusive ? score < max.score : score <= max.score),
  );
}

interface Options {
  by: 'index' | 'score' | 'lex';
  reverse: boolean;
  withScores: boolean;
  limit: { offset: number; count: number } | undefined;
}

function parseOptions(args: Args, allowed: ReadonlySet<string>, start: Options): Options {
  const options = start;
  for (let index = 4; index < args.length; index++) {
    const word = wordAt(args, index);
    if (!allowed.has(word)) throw syntaxError();
    if (word === 'WITHSCORES') options.withScores = true;
    else if (word === 'REV') options.reverse = true;
    else if (word === 'BYSCORE') options.by = 'score';
    else if (word === 'BYLEX') options.by = 'lex';
    else {
      if (index + 2 >= args.length) throw syntaxError();
      options.limit = { offset: integerAt(args, index + 1), count: integerAt(args, index + 2) };
      index += 2;
    }
  }
  if (options.limit !== undefined && options.by === 'index') {
    throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (options.withScores && options.by === 'lex') {
    throw new CommandError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return options;
}

function byIndex(scored: readonly Scored[], args: Args): readonly Scored[] {
  const [start, end] = [integerAt(args, 2), integerAt(args, 3)];
  const from = Math.max(0, start < 0 ? scored.length + start : start);
  const to = end < 0 ? scored.length + end : end;
  return scored.slice(from, Math.max(from, to + 1));
}

/** `[a`, `(a`, `-`, `+`. */
function lexTest(args: Args, index: number, lower: boolean): (member: string) => boolean {
  const text = keyAt(args, index);
  if (text === '-') return () => lower;
  if (text === '+') return () => !lower;
  if (!text.startsWith('[') && !text.startsWith('('))
    throw new CommandError('ERR min or max not valid string range item');
  const limit = text.slice(1);
  const inclusive = text.startsWith('[');
  return (member) => (inclusive && member === limit) || (lower ? member > limit : member < limit);
}

function select(session: Session, args: Args, options: Options): Outcome {
  const [low, high] = options.reverse ? [3, 2] : [2, 3];
  let chosen: readonly Scored[];
  if (options.by === 'index') {
    integerAt(args, 2);
    integerAt(args, 3);
    const scored = sorted(scoresAt(session, keyAt(args, 1)));
    chosen = byIndex(options.reverse ? scored.toReversed() : scored, args);
  } else {
    chosen = options.by === 'score' ? byScore(session, args, low, high) : byLex(session, args, low, high);
    if (options.reverse) chosen = chosen.toReversed();
  }
  const { limit } = options;
  if (limit !== undefined) {
    if (limit.offset < 0) chosen = [];
    else chosen = chosen.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count);
  }
  return showScored(session, chosen, options.withScores);
}

function byScore(session: Session, args: Args, low: number, high: number): Scored[] {
  const [min, max] = [scoreBoundAt(args, low), scoreBoundAt(args, high)];
  return inScores(scoresAt(session, keyAt(args, 1)), min, max);
}

function byLex(session: Session, args: Args, low: number, high: number): Scored[] {
  const [above, below] = [lexTest(args, low, true), lexTest(args, high, false)];
  return sorted(scoresAt(session, keyAt(args, 1))).filter(([member]) => above(member) && below(member));
}

const rangeWords: ReadonlySet<string> = new Set(['WITHSCORES', 'REV', 'BYSCORE', 'BYLEX', 'LIMIT']);
const oldWords: ReadonlySet<string> = new Set(['WITHSCORES']);
const byScoreWords: ReadonlySet<string> = new Set(['WITHSCORES', 'LIMIT']);

/** ZRANGE, and ZREVRANGE, which knows only WITHSCORES. */
export const zrange: Handler = (session, args) => {
  const reverse = textAt(args, 0).toLowerCase() === 'zrevrange';
  const start: Options = { by: 'index', reverse, withScores: false, limit: undefined };
  return select(session, args, parseOptions(args, reverse ? oldWords : rangeWords, start));
};

export function zrangeByScore(reverse: boolean): Handler {
  return (session, args) => {
    const start: Options = { by: 'score', reverse, withScores: false, limit: undefined };
    return select(session, args, parseOptions(args, byScoreWords, start));
  };
}
