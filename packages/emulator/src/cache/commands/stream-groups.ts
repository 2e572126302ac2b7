import { error, nullArray, OK, type Reply } from '../../resp/reply.ts';
import { type Args, bytesOf, CommandError, integerAt, keyAt, syntaxError, textAt, wordAt } from '../args.ts';
import { command, container, keys } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';
import { type ConsumerGroup, newStream, type PendingEntry, showId, type Stream, type StreamId } from '../stream.ts';
import { boundAt, idAt, parseId } from './stream-ids.ts';

const missingKey =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option ' +
  'to create an empty stream automatically.';

function streamAt(session: Session, args: Args, index: number): Stream | undefined {
  return session.database.find(keyAt(args, index), 'stream')?.stream;
}

function idOrLast(text: string, stream: Stream): StreamId {
  return text === '$' ? stream.lastId : parseId(text);
}

function create(session: Session, args: Args): Outcome {
  let make = false;
  for (let index = 5; index < args.length; index++) {
    if (wordAt(args, index) === 'MKSTREAM') make = true;
    else if (wordAt(args, index) === 'ENTRIESREAD' && index + 1 < args.length) index++;
    else throw syntaxError();
  }
  const found = streamAt(session, args, 2);
  if (found === undefined && !make) throw new CommandError(missingKey);
  const lastDelivered = idOrLast(textAt(args, 4), found ?? newStream());
  const key = keyAt(args, 2);
  const { stream } = session.database.findOrAdd(key, 'stream', () => ({ type: 'stream', stream: newStream() }));
  const name = keyAt(args, 3);
  if (stream.groups.has(name)) return error('BUSYGROUP Consumer Group name already exists');
  stream.groups.set(name, { lastDelivered, pending: new Map(), consumers: new Set() });
  session.database.changed(key);
  return OK;
}

/** The stream, which must exist, and the group, which may have to. */
function existing(session: Session, args: Args): Stream {
  const stream = streamAt(session, args, 2);
  if (stream === undefined) throw new CommandError(missingKey);
  return stream;
}

function existingGroup(session: Session, args: Args): ConsumerGroup {
  const group = existing(session, args).groups.get(keyAt(args, 3));
  if (group === undefined) {
    throw new CommandError(`NOGROUP No such consumer group '${textAt(args, 3)}' for key name '${textAt(args, 2)}'`);
  }
  return group;
}

function setId(session: Session, args: Args): Outcome {
  const group = existingGroup(session, args);
  group.lastDelivered = idOrLast(textAt(args, 4), existing(session, args));
  return OK;
}

function createConsumer(session: Session, args: Args): Outcome {
  const { consumers } = existingGroup(session, args);
  const before = consumers.size;
  return consumers.add(keyAt(args, 4)).size - before;
}

function deleteConsumer(session: Session, args: Args): Outcome {
  const group = existingGroup(session, args);
  const name = keyAt(args, 4);
  const owned = [...group.pending].filter(([, entry]) => entry.consumer === name);
  for (const [id] of owned) group.pending.delete(id);
  group.consumers.delete(name);
  return owned.length;
}

function destroy(session: Session, args: Args): Outcome {
  const destroyed = existing(session, args).groups.delete(keyAt(args, 3));
  // Who is blocked in XREADGROUP learns that the group is gone.
  if (destroyed) session.database.changed(keyAt(args, 2));
  return Number(destroyed);
}

function xack(session: Session, args: Args): Outcome {
  const ids = args.slice(3).map((_, index) => idAt(args, index + 3));
  const pending = streamAt(session, args, 1)?.groups.get(keyAt(args, 2))?.pending;
  return ids.filter((id) => pending?.delete(id)).length;
}

type Pending = [StreamId, PendingEntry];

/** https://redis.io/docs/latest/commands/xpending/ */
function xpending(session: Session, args: Args): Outcome {
  const idle = wordAt(args, 3) === 'IDLE' ? integerAt(args, 4) : 0;
  const start = wordAt(args, 3) === 'IDLE' ? 5 : 3;
  const extended = args.length > 3;
  if (extended && (args.length < start + 3 || args.length > start + 4)) throw syntaxError();
  const group = streamAt(session, args, 1)?.groups.get(keyAt(args, 2));
  if (group === undefined) {
    throw new CommandError(`NOGROUP No such key '${textAt(args, 1)}' or consumer group '${textAt(args, 2)}'`);
  }
  const all = [...group.pending].sort(([a], [b]) => (a < b ? -1 : 1));
  if (!extended) return summary(all);
  const [from, to] = [boundAt(args, start, true), boundAt(args, start + 1, false)];
  const count = integerAt(args, start + 2);
  const consumer = args.length === start + 4 ? keyAt(args, start + 3) : undefined;
  const now = session.database.now();
  return all
    .filter(([id, entry]) => id >= from && id <= to && (consumer === undefined || entry.consumer === consumer))
    .filter(([, entry]) => now - entry.deliveredAt >= idle)
    .slice(0, Math.max(0, count))
    .map(([id, entry]): Reply => [showId(id), bytesOf(entry.consumer), now - entry.deliveredAt, entry.deliveries]);
}

function summary(all: readonly Pending[]): Reply {
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return [0, null, null, nullArray];
  const consumers = new Map<string, number>();
  for (const [, { consumer }] of all) consumers.set(consumer, (consumers.get(consumer) ?? 0) + 1);
  const counts = [...consumers].sort(([a], [b]) => (a < b ? -1 : 1));
  return [all.length, showId(first[0]), showId(last[0]), counts.map(([name, count]) => [bytesOf(name), String(count)])];
}

const key = keys(2);
export const streamGroupCommands: readonly Command[] = [
  container('xgroup', '', [
    command('create', -5, 'write denyoom', key, create),
    command('setid', -5, 'write', key, setId),
    command('destroy', 4, 'write', key, destroy),
    command('createconsumer', 5, 'write denyoom', key, createConsumer),
    command('delconsumer', 5, 'write', key, deleteConsumer),
  ]),
  command('xack', -4, 'write fast', keys(1), xack),
  command('xpending', -3, 'readonly', keys(1), xpending),
];
