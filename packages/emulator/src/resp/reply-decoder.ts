import { ByteQueue, parseInteger } from './byte-queue.ts';
import { defaultLimits, elementCost, ProtocolError, type RespLimits } from './limits.ts';
import { nullArray, type Reply } from './reply.ts';

const CR = 0x0d;
const LF = 0x0a;

export interface DecodedReply {
  readonly reply: Reply;
  /** The bytes as they came, in pieces; empty unless `keepRaw`. */
  readonly raw: readonly Buffer[];
}

interface Frame {
  readonly mark: string;
  readonly items: Reply[];
  remaining: number;
}

/** What a header line means: a value, an aggregate that follows, or a bulk whose bytes follow. */
type Header = { value: Reply } | { frame: Frame } | { bulk: string; length: number };

/**
 * Replies and pushes of a server, RESP2 and RESP3 (attributes are passed over; streamed aggregates, which no Redis sends, are refused).
 * `push` what arrives, then call `next` until it answers undefined. `next` throws a `ProtocolError` on anything else, and from then on always.
 */
export class ReplyDecoder {
  readonly #limits: RespLimits;
  readonly #keepRaw: boolean;
  readonly #queue = new ByteQueue();
  #stack: Frame[] = [];
  #bulk: { mark: string; length: number } | undefined;
  #cost = 0;
  #started = false;
  #error: ProtocolError | undefined;

  constructor(options: { limits?: Partial<RespLimits>; keepRaw?: boolean } = {}) {
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#keepRaw = options.keepRaw ?? false;
  }

  push(chunk: Buffer): void {
    if (this.#error === undefined) this.#queue.push(chunk);
  }

  /** Takes back the bytes that are unread, for somebody else to read; none while a reply has begun. */
  release(): Buffer | undefined {
    if (this.#cost > 0 || this.#error !== undefined || this.#queue.length === 0) return undefined;
    this.#started = false;
    return this.#queue.takeAll();
  }

  next(): DecodedReply | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#read();
    } catch (error) {
      this.#queue.clear();
      this.#stack = [];
      if (error instanceof ProtocolError) this.#error = error;
      throw error;
    }
  }

  #read(): DecodedReply | undefined {
    for (;;) {
      if (!this.#started) {
        if (!this.#queue.ready(1)) return undefined;
        if (this.#keepRaw) this.#queue.capture();
        this.#started = true;
      }
      const value = this.#readValue();
      if (value === undefined) return undefined;
      if ('frame' in value) continue;
      const whole = this.#place(value.value);
      if (whole === undefined) continue;
      this.#started = false;
      this.#cost = 0;
      return { reply: whole.value, raw: this.#keepRaw ? this.#queue.captured() : [] };
    }
  }

  /** Puts a finished value into the aggregate it belongs to; answers the outermost one when that is complete. */
  #place(finished: Reply): { value: Reply } | undefined {
    let value = finished;
    for (;;) {
      const frame = this.#stack.at(-1);
      if (frame === undefined) return { value };
      frame.items.push(value);
      frame.remaining--;
      if (frame.remaining > 0) return undefined;
      this.#stack.pop();
      // Attributes describe the value that follows; they are none themselves.
      if (frame.mark === '|') return undefined;
      value = aggregate(frame);
    }
  }

  #readValue(): { value: Reply } | { frame: Frame } | undefined {
    if (this.#bulk === undefined) {
      const header = this.#readHeader();
      if (header === undefined || 'value' in header) return header;
      if ('frame' in header) return this.#open(header.frame);
      this.#bulk = { mark: header.bulk, length: header.length };
    }
    const { mark, length } = this.#bulk;
    if (!this.#queue.ready(length + 2)) return undefined;
    const bytes = this.#queue.take(length);
    this.#endOfLine();
    this.#bulk = undefined;
    return { value: bulkReply(mark, bytes) };
  }

  #open(frame: Frame): { value: Reply } | { frame: Frame } {
    if (frame.remaining === 0) return frame.mark === '|' ? { frame } : { value: aggregate(frame) };
    if (this.#stack.length >= this.#limits.maxDepth) throw new ProtocolError('reply nested too deeply');
    this.#stack.push(frame);
    return { frame };
  }

  #readHeader(): Header | undefined {
    const length = this.#queue.line(CR);
    if ((length < 0 ? this.#queue.length : length) > this.#limits.maxLineLength) {
      throw new ProtocolError('too long a line');
    }
    if (length < 0 || !this.#queue.ready(length + 2)) return undefined;
    if (length === 0) throw new ProtocolError('an empty line in a reply');
    const line = this.#queue.take(length);
    this.#endOfLine();
    this.#charge(elementCost + length);
    return this.#interpret(String.fromCharCode(line[0] ?? 0), line);
  }

  #interpret(mark: string, line: Buffer): Header {
    if ('*%~>|$=!'.includes(mark)) return this.#sized(mark, line);
    const text = line.toString('utf8', 1);
    const scalar = scalarReply(mark, text);
    if (scalar === undefined) throw new ProtocolError(`unexpected reply type 0x${(line[0] ?? 0).toString(16)}`);
    return { value: scalar };
  }

  #sized(mark: string, line: Buffer): Header {
    const size = parseInteger(line, 1, line.length);
    if (size === -1 && mark === '$') return { value: null };
    if (size === -1 && mark === '*') return { value: nullArray };
    if (size === undefined || size < 0) throw new ProtocolError('invalid length in a reply');
    if ('$=!'.includes(mark)) {
      if (size > this.#limits.maxBulkLength) throw new ProtocolError('invalid bulk length');
      this.#charge(size);
      return { bulk: mark, length: size };
    }
    if (size > this.#limits.maxArguments) throw new ProtocolError('too many elements in a reply');
    return { frame: { mark, items: [], remaining: mark === '%' || mark === '|' ? size * 2 : size } };
  }

  #charge(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#limits.maxTotalLength) throw new ProtocolError('too big reply');
  }

  #endOfLine(): void {
    const { head, position } = this.#queue;
    if (head[position] !== CR || head[position + 1] !== LF) throw new ProtocolError('expected CR LF');
    this.#queue.skip(2);
  }
}

function aggregate(frame: Frame): Reply {
  const { items, mark } = frame;
  if (mark === '*') return items;
  if (mark === '~') return { type: 'set', items };
  if (mark === '>') return { type: 'push', items };
  const entries: [Reply, Reply][] = [];
  for (let index = 0; index + 1 < items.length; index += 2) {
    entries.push([items[index] ?? null, items[index + 1] ?? null]);
  }
  return { type: 'map', entries };
}

function bulkReply(mark: string, bytes: Buffer): Reply {
  if (mark === '$') return bytes;
  const text = bytes.toString('utf8');
  if (mark === '!') return { type: 'blob-error', text };
  if (text[3] !== ':') throw new ProtocolError('invalid verbatim string');
  return { type: 'verbatim', format: text.slice(0, 3), text: text.slice(4) };
}

function scalarReply(mark: string, text: string): Reply | undefined {
  switch (mark) {
    case '+':
      return { type: 'simple', text };
    case '-':
      return { type: 'error', text };
    case ':':
      return integerReply(text);
    case '_':
      return text === '' ? null : undefined;
    case '#':
      return text === 't' || text === 'f' ? { type: 'boolean', value: text === 't' } : undefined;
    case ',':
      return doubleReply(text);
    case '(':
      return /^[+-]?\d+$/.test(text) ? { type: 'big-number', text } : undefined;
    default:
      return undefined;
  }
}

function integerReply(text: string): Reply | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text.replace('+', ''));
}

function doubleReply(text: string): Reply | undefined {
  if (text === 'inf') return { type: 'double', value: Number.POSITIVE_INFINITY };
  if (text === '-inf') return { type: 'double', value: Number.NEGATIVE_INFINITY };
  if (text === 'nan') return { type: 'double', value: Number.NaN };
  if (!/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  return { type: 'double', value: Number(text) };
}
