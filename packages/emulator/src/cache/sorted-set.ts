import { double, type Reply } from '../resp/reply.ts';
import { bytesOf } from './args.ts';
import type { Session } from './model.ts';

export type Scored = readonly [member: string, score: number];

/** By score, then by the bytes of the member. */
export function sorted(scores: ReadonlyMap<string, number>): Scored[] {
  return [...scores].sort(([a, scoreA], [b, scoreB]) => scoreA - scoreB || (a < b ? -1 : 1));
}

/** Members, with their scores where asked: pairs in RESP3, one flat list in RESP2. */
export function showScored(session: Session, scored: readonly Scored[], withScores: boolean): Reply {
  if (!withScores) return scored.map(([member]) => bytesOf(member));
  const pairs = scored.map(([member, score]) => [bytesOf(member), double(score)]);
  return session.resp === 3 ? pairs : pairs.flat();
}

export function scoresAt(session: Session, key: string): Map<string, number> {
  return session.database.find(key, 'zset')?.scores ?? new Map<string, number>();
}
