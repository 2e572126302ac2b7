import { OK } from '../../resp/reply.ts';
import { type Args, at, keyAt, own, syntaxError, wordAt } from '../args.ts';
import type { Outcome, Session } from '../model.ts';
import { expiryAt, type ExpiryUnit, isExpiryUnit, parseSetOptions } from './expiry.ts';

/** https://redis.io/docs/latest/commands/set/ */
export function set(session: Session, args: Args): Outcome {
  const { database } = session;
  const options = parseSetOptions(args, 3, database.now());
  if (options === undefined) throw syntaxError();
  const key = keyAt(args, 1);
  const before = options.get ? (database.find(key, 'string')?.bytes ?? null) : undefined;
  const exists = database.get(key) !== undefined;
  if ((options.condition === 'NX' && exists) || (options.condition === 'XX' && !exists)) return before ?? null;
  const expiresAt = options.keep ? database.entry(key)?.expiresAt : options.expiresAt;
  database.set(key, { type: 'string', bytes: own(at(args, 2)) }, expiresAt);
  return before === undefined ? OK : before;
}

export function setnx(session: Session, args: Args): Outcome {
  const key = keyAt(args, 1);
  if (session.database.get(key) !== undefined) return 0;
  session.database.set(key, { type: 'string', bytes: own(at(args, 2)) });
  return 1;
}

function setWithLife(session: Session, args: Args, unit: ExpiryUnit, name: string): Outcome {
  const { database } = session;
  const expiresAt = expiryAt(args, 2, unit, name, database.now());
  database.set(keyAt(args, 1), { type: 'string', bytes: own(at(args, 3)) }, expiresAt);
  return OK;
}

export function setex(session: Session, args: Args): Outcome {
  return setWithLife(session, args, 'EX', 'setex');
}

export function psetex(session: Session, args: Args): Outcome {
  return setWithLife(session, args, 'PX', 'psetex');
}

/** https://redis.io/docs/latest/commands/getex/ */
export function getex(session: Session, args: Args): Outcome {
  const { database } = session;
  const key = keyAt(args, 1);
  const word = wordAt(args, 2);
  const persist = word === 'PERSIST' && args.length === 3;
  if (args.length > 2 && !persist && !(isExpiryUnit(word) && args.length === 4)) throw syntaxError();
  const found = database.find(key, 'string');
  if (found === undefined) return null;
  const entry = database.entry(key);
  if (entry === undefined) return null;
  if (isExpiryUnit(word)) entry.expiresAt = expiryAt(args, 3, word, 'getex', database.now());
  else if (persist) delete entry.expiresAt;
  if (args.length > 2) database.changed(key);
  return found.bytes;
}
