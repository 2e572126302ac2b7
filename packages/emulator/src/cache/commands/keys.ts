import { error, OK, simple } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, keyAt, syntaxError, textAt, wordAt } from '../args.ts';
import { command, keys } from '../command.ts';
import { globMatches } from '../glob.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import { expiryAt, type ExpiryUnit } from './expiry.ts';
import { scanKeys } from './scan.ts';

/** How many of the named keys `step` is true for. */
function count(step: (session: Session, key: string) => boolean): Handler {
  return (session, args) => args.slice(1).filter((_, index) => step(session, keyAt(args, index + 1))).length;
}

const del = count((session, key) => session.database.delete(key));
const exists = count((session, key) => session.database.get(key) !== undefined);

/** https://redis.io/docs/latest/commands/expire/ */
function expire(unit: ExpiryUnit, name: string): Handler {
  return (session, args) => {
    const { database } = session;
    const conditions = expireConditions(args);
    const key = keyAt(args, 1);
    const expiresAt = expiryAt(args, 2, unit, name, database.now(), false);
    const entry = database.entry(key);
    if (entry === undefined) return 0;
    const current = entry.expiresAt;
    if (conditions.has('NX') && current !== undefined) return 0;
    if (conditions.has('XX') && current === undefined) return 0;
    if (conditions.has('GT') && (current === undefined || expiresAt <= current)) return 0;
    if (conditions.has('LT') && current !== undefined && expiresAt >= current) return 0;
    if (expiresAt <= database.now()) {
      database.delete(key);
      return 1;
    }
    entry.expiresAt = expiresAt;
    database.changed(key);
    return 1;
  };
}

function expireConditions(args: Args): ReadonlySet<string> {
  const words = new Set<string>();
  for (let index = 3; index < args.length; index++) {
    const word = wordAt(args, index);
    if (!['NX', 'XX', 'GT', 'LT'].includes(word))
      throw new CommandError(`ERR Unsupported option ${textAt(args, index)}`);
    words.add(word);
  }
  if (words.has('NX') && words.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (words.has('GT') && words.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return words;
}

/** -2: no such key, -1: no expiry. */
function expiryInfo(show: (expiresAt: number, now: number) => number): Handler {
  return (session, args) => {
    const entry = session.database.entry(keyAt(args, 1));
    if (entry === undefined) return -2;
    return entry.expiresAt === undefined ? -1 : show(entry.expiresAt, session.database.now());
  };
}

function persist(session: Session, args: Args): Outcome {
  const key = keyAt(args, 1);
  const entry = session.database.entry(key);
  if (entry?.expiresAt === undefined) return 0;
  delete entry.expiresAt;
  session.database.changed(key);
  return 1;
}

function rename(session: Session, args: Args, onlyNew: boolean): Outcome {
  const { database } = session;
  const [from, to] = [keyAt(args, 1), keyAt(args, 2)];
  if (database.get(from) === undefined) return error('ERR no such key');
  if (onlyNew && database.get(to) !== undefined) return 0;
  const entry = from === to ? undefined : database.take(from);
  if (entry !== undefined) database.put(to, entry);
  return onlyNew ? 1 : OK;
}

function randomKey(session: Session): Outcome {
  const all = session.database.keys();
  const chosen = all[Math.floor(Math.random() * all.length)];
  return chosen === undefined ? null : bytesOf(chosen);
}

function matchingKeys(session: Session, args: Args): Outcome {
  const pattern = keyAt(args, 1);
  return session.database
    .keys()
    .filter((key) => globMatches(pattern, key))
    .map(bytesOf);
}

function flush(all: boolean): Handler {
  return (session, args) => {
    if (args.length > 2 || (args.length === 2 && !/^a?sync$/i.test(textAt(args, 1)))) throw syntaxError();
    if (all) session.keyspace.clear();
    else session.database.clear();
    return OK;
  };
}

export const keyCommands: readonly Command[] = [
  command('del', -2, 'write', keys(1, -1), del),
  command('unlink', -2, 'write fast', keys(1, -1), del),
  command('exists', -2, 'readonly fast', keys(1, -1), exists),
  command('touch', -2, 'readonly fast', keys(1, -1), exists),
  command('type', 2, 'readonly fast', keys(1), (session, args) => {
    return simple(session.database.get(keyAt(args, 1))?.type ?? 'none');
  }),
  command('expire', -3, 'write fast', keys(1), expire('EX', 'expire')),
  command('pexpire', -3, 'write fast', keys(1), expire('PX', 'pexpire')),
  command('expireat', -3, 'write fast', keys(1), expire('EXAT', 'expireat')),
  command('pexpireat', -3, 'write fast', keys(1), expire('PXAT', 'pexpireat')),
  command(
    'ttl',
    2,
    'readonly fast',
    keys(1),
    expiryInfo((at, now) => Math.floor((at - now + 500) / 1000)),
  ),
  command(
    'pttl',
    2,
    'readonly fast',
    keys(1),
    expiryInfo((at, now) => at - now),
  ),
  command(
    'expiretime',
    2,
    'readonly fast',
    keys(1),
    expiryInfo((at) => Math.floor((at + 500) / 1000)),
  ),
  command(
    'pexpiretime',
    2,
    'readonly fast',
    keys(1),
    expiryInfo((at) => at),
  ),
  command('persist', 2, 'write fast', keys(1), persist),
  command('rename', 3, 'write', keys(1, 2), (session, args) => rename(session, args, false)),
  command('renamenx', 3, 'write fast', keys(1, 2), (session, args) => rename(session, args, true)),
  command('randomkey', 1, 'readonly', undefined, randomKey),
  command('keys', 2, 'readonly', undefined, matchingKeys),
  command('scan', -2, 'readonly', undefined, scanKeys),
  command('dbsize', 1, 'readonly fast', undefined, (session) => session.database.size),
  command('flushdb', -1, 'write', undefined, flush(false)),
  command('flushall', -1, 'write', undefined, flush(true)),
];
