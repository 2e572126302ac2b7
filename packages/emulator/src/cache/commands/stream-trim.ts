import { type Args, CommandError, integerAt, syntaxError, textAt, wordAt } from '../args.ts';
import type { Stream, StreamId } from '../stream.ts';
import { parseId } from './stream-ids.ts';

/** Entries that Redis keeps in one node: approximate trimming removes only whole ones. */
const nodeEntries = 100;

export interface Trim {
  readonly maxLength?: number;
  readonly minId?: StreamId;
  readonly approximate: boolean;
}

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]` at `start`; `next` is the index after it. */
export function parseTrim(args: Args, start: number): { trim: Trim; next: number } {
  const kind = wordAt(args, start);
  const sign = wordAt(args, start + 1);
  const approximate = sign === '~';
  let index = start + (sign === '~' || sign === '=' ? 2 : 1);
  if (index >= args.length) throw syntaxError();
  let trim: Trim;
  if (kind === 'MAXLEN') {
    const maxLength = integerAt(args, index);
    if (maxLength < 0) throw new CommandError('ERR The MAXLEN argument must be >= 0.');
    trim = { maxLength, approximate };
  } else trim = { minId: parseId(textAt(args, index)), approximate };
  index++;
  if (wordAt(args, index) === 'LIMIT' && index + 1 < args.length) {
    if (integerAt(args, index + 1) < 0) throw new CommandError('ERR The LIMIT argument must be >= 0.');
    if (!approximate) throw new CommandError('ERR syntax error, LIMIT cannot be used without the special ~ option');
    index += 2;
  }
  return { trim, next: index };
}

/** Removes the oldest entries; answers how many. */
export function trimStream(stream: Stream, trim: Trim): number {
  const { entries } = stream;
  const kept = entries.findIndex(({ id }) => trim.minId !== undefined && id >= trim.minId);
  let surplus = kept < 0 ? entries.length : kept;
  if (trim.maxLength !== undefined) surplus = Math.max(0, entries.length - trim.maxLength);
  if (trim.approximate) surplus -= surplus % nodeEntries;
  stream.entries = entries.slice(surplus);
  return surplus;
}
