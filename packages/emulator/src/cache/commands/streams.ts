import { map, nullArray, type Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, copyOf, integerAt, keyAt, syntaxError, textAt, wordAt } from '../args.ts';
import { command, keys } from '../command.ts';
import type { Stream, StreamEntry, StreamId } from '../database.ts';
import type { Command, KeySpec, Outcome, Session } from '../model.ts';
import { block } from '../waiting.ts';

const largest = 2n ** 64n - 1n;
const showId = (id: StreamId): string => `${id >> 64n}-${id & largest}`;
const showEntry = ({ id, fields }: StreamEntry): Reply => [showId(id), fields];

function idPart(text: string): bigint {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  if (value !== undefined && value <= largest) return value;
  throw new CommandError('ERR Invalid stream ID specified as stream command argument');
}

/** `ms-sequence`, or `ms` alone. */
function parseId(text: string): StreamId {
  const [, ms = '', sequence = '0'] = /^([^-]*)(?:-(.*))?$/.exec(text) ?? [];
  return (idPart(ms) << 64n) | idPart(sequence);
}

/** The id of a new entry: `*`, or one that is larger than all before. */
function newId(text: string, last: StreamId, now: number): StreamId {
  if (text === '*') {
    const fresh = BigInt(now) << 64n;
    return fresh > last ? fresh : last + 1n;
  }
  const id = parseId(text);
  if (id === 0n) throw new CommandError('ERR The ID specified in XADD must be greater than 0-0');
  if (id > last) return id;
  throw new CommandError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
}

const streamOf = ({ database }: Session, key: string): Stream | undefined => database.find(key, 'stream')?.stream;

/** https://redis.io/docs/latest/commands/xadd/, without its options. */
function add(session: Session, args: Args): Outcome {
  const { database } = session;
  const fields = args.slice(3).map(copyOf);
  const key = keyAt(args, 1);
  if (textAt(args, 2) !== '*') parseId(textAt(args, 2));
  if (fields.length % 2 === 1) throw new CommandError("ERR wrong number of arguments for 'xadd' command");
  const id = newId(textAt(args, 2), streamOf(session, key)?.lastId ?? 0n, database.now());
  const { stream } = database.findOrAdd(key, 'stream', () => ({ type: 'stream', stream: { entries: [], lastId: 0n } }));
  stream.entries.push({ id, fields });
  stream.lastId = id;
  database.changed(key);
  return showId(id);
}

/** Index of the word STREAMS, before which the options are. */
function streamsAt(args: Args): number {
  return args.findIndex((_, index) => index > 0 && wordAt(args, index) === 'STREAMS');
}

/** Keys are the first half of what follows STREAMS. */
const movableKeys: KeySpec = {
  first: 0,
  last: 0,
  step: 0,
  find: (args) => {
    const start = streamsAt(args) + 1;
    const count = start === 0 ? 0 : Math.floor((args.length - start) / 2);
    return Array.from({ length: count }, (_, index) => start + index);
  },
};

interface ReadRequest {
  count: number;
  /** Undefined: do not block. 0: forever. */
  blockMs: number | undefined;
  since: Map<string, StreamId>;
}

function parseRead(session: Session, args: Args): ReadRequest {
  const request: ReadRequest = { count: Number.POSITIVE_INFINITY, blockMs: undefined, since: new Map() };
  const start = streamsAt(args);
  if (start < 0) throw syntaxError();
  for (let index = 1; index < start; index += 2) {
    const word = wordAt(args, index);
    if (index + 1 === start) throw syntaxError();
    if (word === 'COUNT') request.count = countAt(args, index + 1);
    else if (word === 'BLOCK') request.blockMs = blockMsAt(args, index + 1);
    else throw syntaxError();
  }
  const rest = args.length - start - 1;
  if (rest === 0 || rest % 2 === 1) {
    throw new CommandError("ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.");
  }
  for (let index = start + 1; index <= start + rest / 2; index++) {
    const [key, id] = [keyAt(args, index), textAt(args, index + rest / 2)];
    request.since.set(key, id === '$' ? (streamOf(session, key)?.lastId ?? 0n) : parseId(id));
  }
  return request;
}

/** 0 and less: all. */
function countAt(args: Args, index: number): number {
  const count = integerAt(args, index);
  return count > 0 ? count : Number.POSITIVE_INFINITY;
}

function blockMsAt(args: Args, index: number): number {
  const text = textAt(args, index);
  if (!/^-?\d{1,15}$/.test(text)) throw new CommandError('ERR timeout is not an integer or out of range');
  if (text.startsWith('-')) throw new CommandError('ERR timeout is negative');
  return Number(text);
}

/** https://redis.io/docs/latest/commands/xread/ */
function read(session: Session, args: Args): Outcome {
  const { count, blockMs, since } = parseRead(session, args);
  const newIn = (key: string): [Reply, Reply][] => {
    const entries = streamOf(session, key)?.entries.filter(({ id }) => id > (since.get(key) ?? 0n)) ?? [];
    return entries.length === 0 ? [] : [[bytesOf(key), entries.slice(0, count).map(showEntry)]];
  };
  // Key by key: a map in RESP3, pairs in RESP2.
  const show = (found: [Reply, Reply][]): Reply | undefined => {
    if (found.length === 0) return undefined;
    return session.resp === 3 ? map(found) : found;
  };
  const reply = show([...since.keys()].flatMap(newIn));
  if (reply !== undefined) return reply;
  if (blockMs === undefined) return nullArray;
  const attempt = (key: string): Reply | undefined => show(newIn(key));
  return block(session, { keys: [...since.keys()], timeoutMs: blockMs, attempt, onTimeout: nullArray });
}

export const streamCommands: readonly Command[] = [
  command('xadd', -5, 'write denyoom fast', keys(1), add),
  command('xread', -4, 'readonly blocking movablekeys', movableKeys, read),
];
