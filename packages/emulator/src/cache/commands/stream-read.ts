import { map, nullArray, type Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, integerAt, keyAt, syntaxError, textAt, wordAt } from '../args.ts';
import { command } from '../command.ts';
import type { Command, KeySpec, Outcome, Session } from '../model.ts';
import {
  after,
  type ConsumerGroup,
  showEntry,
  showId,
  type Stream,
  type StreamEntry,
  type StreamId,
} from '../stream.ts';
import { block } from '../waiting.ts';
import { parseId } from './stream-ids.ts';

interface ReadRequest {
  readonly count: number;
  /** Undefined: do not block. 0: forever. */
  readonly blockMs: number | undefined;
  readonly noAck: boolean;
  readonly group: { readonly name: string; readonly consumer: string } | undefined;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
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

function parseRead(args: Args, name: string): ReadRequest {
  let count = Number.POSITIVE_INFINITY;
  let blockMs: number | undefined;
  let noAck = false;
  let group: ReadRequest['group'];
  const grouped = name === 'xreadgroup';
  let index = 1;
  for (; wordAt(args, index) !== 'STREAMS'; index++) {
    const word = wordAt(args, index);
    if (word === 'COUNT' && index + 1 < args.length) count = positive(integerAt(args, ++index));
    else if (word === 'BLOCK' && index + 1 < args.length) blockMs = blockTimeAt(args, ++index);
    else if (word === 'NOACK' && grouped) noAck = true;
    else if (word === 'GROUP' && grouped && index + 2 < args.length) {
      group = { name: keyAt(args, index + 1), consumer: keyAt(args, index + 2) };
      index += 2;
    } else throw syntaxError();
  }
  const rest = args.length - index - 1;
  if (rest === 0 || rest % 2 === 1) {
    throw new CommandError("ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.");
  }
  if (grouped && group === undefined) throw new CommandError('ERR Missing GROUP option for XREADGROUP');
  const positions = Array.from({ length: rest / 2 }, (_, offset) => index + 1 + offset);
  return {
    count,
    blockMs,
    noAck,
    group,
    keys: positions.map((position) => keyAt(args, position)),
    ids: positions.map((position) => textAt(args, position + rest / 2)),
  };
}

/** A COUNT of 0 or less means no limit. */
const positive = (count: number): number => (count > 0 ? count : Number.POSITIVE_INFINITY);

function blockTimeAt(args: Args, index: number): number {
  const text = textAt(args, index);
  if (!/^-?\d{1,15}$/.test(text)) throw new CommandError('ERR timeout is not an integer or out of range');
  if (text.startsWith('-')) throw new CommandError('ERR timeout is negative');
  return Number(text);
}

/** Key by key: a map in RESP3, pairs in RESP2. */
function showStreams(session: Session, found: readonly (readonly [string, Reply])[]): Reply {
  const pairs = found.map(([key, entries]): [Reply, Reply] => [bytesOf(key), entries]);
  return session.resp === 3 ? map(pairs) : pairs;
}

function streamOf(session: Session, key: string): Stream | undefined {
  return session.database.find(key, 'stream')?.stream;
}

/** https://redis.io/docs/latest/commands/xread/ */
function xread(session: Session, args: Args): Outcome {
  const request = parseRead(args, 'xread');
  const since = new Map(
    request.keys.map((key, index): [string, StreamId] => {
      const text = request.ids[index] ?? '';
      if (text === '>') {
        throw new CommandError(
          'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
        );
      }
      const last = streamOf(session, key)?.lastId ?? 0n;
      return [key, text === '$' ? last : parseId(text)];
    }),
  );
  const read = (key: string): Reply | undefined => {
    const stream = streamOf(session, key);
    const entries = stream === undefined ? [] : after(stream, since.get(key) ?? 0n, request.count);
    return entries.length === 0 ? undefined : entries.map(showEntry);
  };
  return answer(session, request, read);
}

function answer(session: Session, request: ReadRequest, read: (key: string) => Reply | undefined): Outcome {
  const found = request.keys.flatMap((key): [string, Reply][] => {
    const entries = read(key);
    return entries === undefined ? [] : [[key, entries]];
  });
  if (found.length > 0) return showStreams(session, found);
  if (request.blockMs === undefined) return nullArray;
  const attempt = (key: string): Reply | undefined => {
    const entries = read(key);
    return entries === undefined ? undefined : showStreams(session, [[key, entries]]);
  };
  return block(session, { keys: request.keys, timeoutMs: request.blockMs, attempt, onTimeout: nullArray });
}

/** https://redis.io/docs/latest/commands/xreadgroup/ */
function xreadgroup(session: Session, args: Args): Outcome {
  const request = parseRead(args, 'xreadgroup');
  const { name, consumer } = request.group ?? { name: '', consumer: '' };
  for (const [index, id] of request.ids.entries()) {
    if (streamOf(session, request.keys[index] ?? '')?.groups.has(name) !== true) throw noGroup(request, name, index);
    if (id === '$') throw new CommandError(dollarInGroup);
  }
  const read = (key: string): Reply | undefined => {
    const stream = streamOf(session, key);
    const group = stream?.groups.get(name);
    if (stream === undefined || group === undefined)
      throw new CommandError('UNBLOCKED the stream key no longer exists');
    group.consumers.add(consumer);
    const text = request.ids[request.keys.indexOf(key)] ?? '';
    if (text !== '>') return history(stream, group, consumer, parseId(text), request.count);
    const entries = after(stream, group.lastDelivered, request.count);
    deliver(group, entries, consumer, request.noAck, session.database.now());
    return entries.length === 0 ? undefined : entries.map(showEntry);
  };
  return answer(session, request, read);
}

const dollarInGroup =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by ' +
  'specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';

function noGroup(request: ReadRequest, name: string, index: number): CommandError {
  const key = request.keys[index] ?? '';
  return new CommandError(`NOGROUP No such key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`);
}

/** What the consumer was given before and has not acknowledged; never blocks. */
function history(stream: Stream, group: ConsumerGroup, consumer: string, since: StreamId, count: number): Reply {
  const ids = [...group.pending].filter(([id, entry]) => entry.consumer === consumer && id > since).map(([id]) => id);
  return ids.slice(0, count).map((id): Reply => {
    const entry = stream.entries.find((one) => one.id === id);
    return entry === undefined ? [showId(id), nullArray] : showEntry(entry);
  });
}

function deliver(
  group: ConsumerGroup,
  entries: readonly StreamEntry[],
  consumer: string,
  noAck: boolean,
  now: number,
): void {
  for (const { id } of entries) {
    group.lastDelivered = id;
    if (!noAck) group.pending.set(id, { consumer, deliveredAt: now, deliveries: 1 });
  }
}

export const streamReadCommands: readonly Command[] = [
  command('xread', -4, 'readonly blocking movablekeys', movableKeys, xread),
  command('xreadgroup', -7, 'write blocking movablekeys', movableKeys, xreadgroup),
];
