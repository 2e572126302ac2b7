import { type Args, at, CommandError, textAt } from '../args.ts';
import { highestId, lowestId, makeId, type StreamId } from '../stream.ts';

const largest = 2n ** 64n - 1n;

function invalidId(): CommandError {
  return new CommandError('ERR Invalid stream ID specified as stream command argument');
}

function part(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw invalidId();
  const value = BigInt(text);
  if (value > largest) throw invalidId();
  return value;
}

/** `ms-seq`, or `ms` with `missing` as its sequence. */
export function parseId(text: string, missing = 0n): StreamId {
  const [ms = '', sequence, ...rest] = text.split('-');
  if (rest.length > 0) throw invalidId();
  return makeId(part(ms), sequence === undefined ? missing : part(sequence));
}

/** A bound of XRANGE: `-`, `+`, an id, `(` an id. */
export function boundAt(args: Args, index: number, isStart: boolean): StreamId {
  const text = textAt(args, index);
  if (text === '-') return lowestId;
  if (text === '+') return highestId;
  const missing = isStart ? 0n : largest;
  if (!text.startsWith('(')) return parseId(text, missing);
  const id = parseId(text.slice(1), missing);
  if (isStart && id === highestId) throw new CommandError('ERR invalid start ID for the interval');
  if (!isStart && id === lowestId) throw new CommandError('ERR invalid end ID for the interval');
  return isStart ? id + 1n : id - 1n;
}

export function idAt(args: Args, index: number): StreamId {
  return parseId(at(args, index).toString());
}

/** The id of a new entry: `*`, `ms-*` or an id. */
export function newId(text: string, last: StreamId, now: number): StreamId {
  if (text === '*') {
    const fresh = makeId(BigInt(now), 0n);
    return fresh > last ? fresh : last + 1n;
  }
  const automatic = /^(\d+)-\*$/.exec(text)?.[1];
  const floor = automatic === undefined ? undefined : makeId(part(automatic), 0n);
  if (floor !== undefined && floor === makeId(last >> 64n, 0n)) {
    return last + 1n;
  }
  const id = floor === undefined ? parseId(text) : floor === 0n ? 1n : floor;
  if (id === lowestId) throw new CommandError('ERR The ID specified in XADD must be greater than 0-0');
  if (id <= last) {
    throw new CommandError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  }
  return id;
}
