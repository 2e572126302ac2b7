const CR = 0x0d;
const MINUS = 0x2d;
const ZERO = 0x30;
/** `+ : , ( _ #`: one line. */
const lines: ReadonlySet<number> = new Set(Buffer.from('+:,(_#'));
const ERROR = 0x2d;
/** `$ ! =`: a length, then as many bytes. */
const bulks: ReadonlySet<number> = new Set(Buffer.from('$!='));
const ARRAY = 0x2a;
const SET = 0x7e;
const MAP = 0x25;

/**
 * How many whole replies, at most `most`, `bytes` begins with that can be passed on unseen, and where they end. Stops at pushes, at
 * errors where these matter, and at anything unusual.
 */
export function scanReplies(
  bytes: Buffer,
  most: number,
  stopAtErrors: boolean,
): { readonly count: number; readonly end: number } {
  let count = 0;
  let end = 0;
  while (count < most) {
    if (stopAtErrors && bytes[end] === ERROR) break;
    const next = replyEnd(bytes, end);
    if (next < 0) break;
    end = next;
    count++;
  }
  return { count, end };
}

function replyEnd(bytes: Buffer, start: number): number {
  let position = start;
  let due = 1;
  while (due > 0) {
    const mark = bytes[position];
    if (mark === undefined) return -1;
    const lineEnd = endOfLine(bytes, position + 1);
    if (lineEnd < 0) return -1;
    due--;
    if (lines.has(mark) || mark === ERROR) {
      position = lineEnd + 2;
      continue;
    }
    const size = sizeOf(bytes, position + 1, lineEnd);
    if (size === undefined) return -1;
    position = lineEnd + 2;
    if (bulks.has(mark)) position += size < 0 ? 0 : size + 2;
    else if (mark === ARRAY || mark === SET) due += Math.max(0, size);
    else if (mark === MAP) due += Math.max(0, size) * 2;
    else return -1;
    if (position > bytes.length) return -1;
  }
  return position;
}

/** Where the line ends: at its CR, whose LF is there too; else -1. */
function endOfLine(bytes: Buffer, start: number): number {
  for (let position = start; position < bytes.length - 1; position++) {
    if (bytes[position] === CR) return position;
  }
  return -1;
}

/** -1 stands for null; undefined for what is no plain number. */
function sizeOf(bytes: Buffer, start: number, end: number): number | undefined {
  if (bytes[start] === MINUS) return end - start === 2 && bytes[start + 1] === ZERO + 1 ? -1 : undefined;
  if (end === start || end - start > 9) return undefined;
  let value = 0;
  for (let position = start; position < end; position++) {
    const digit = (bytes[position] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
