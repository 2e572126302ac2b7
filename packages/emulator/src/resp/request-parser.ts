import { ByteQueue, parseInteger } from './byte-queue.ts';
import { splitInline } from './inline.ts';
import {
  defaultLimits,
  elementCost,
  maxArgumentsBeforeLogin,
  maxBulkLengthBeforeLogin,
  ProtocolError,
  type RespLimits,
} from './limits.ts';

const STAR = 0x2a;
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;

/** One command of a client. The buffers share memory with what the socket delivered: copy what is kept for long. */
export interface RespRequest {
  /** Never empty. */
  readonly args: readonly Buffer[];
  /** The bytes as they came, in pieces; empty unless `keepRaw`. */
  readonly raw: readonly Buffer[];
}

export interface RequestParserOptions {
  readonly limits?: Partial<RespLimits>;
  /** Keep the bytes of each request, to forward them. */
  readonly keepRaw?: boolean;
}

/**
 * Requests of a client, as Redis 7.0 reads them: arrays of bulk strings, or inline. `push` what arrives, then call `next` until it
 * answers undefined. `next` throws a `ProtocolError` on what Redis would refuse, and from then on always: close the connection.
 */
export class RequestParser {
  /** Whether the client has logged in; before that Redis' tighter limits hold. */
  authenticated = false;
  readonly #limits: RespLimits;
  readonly #keepRaw: boolean;
  readonly #queue = new ByteQueue();
  #args: Buffer[] = [];
  #expected = 0;
  #bulkLength = -1;
  #cost = 0;
  #error: ProtocolError | undefined;

  constructor(options: RequestParserOptions = {}) {
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#keepRaw = options.keepRaw ?? false;
  }

  /** Bytes that have arrived and belong to no complete request. */
  get buffered(): number {
    return this.#queue.length + this.#cost;
  }

  push(chunk: Buffer): void {
    if (this.#error === undefined) this.#queue.push(chunk);
  }

  /** Takes back the bytes that are unread, for somebody else to read; none while a request has begun. */
  release(): Buffer | undefined {
    const begun = this.#expected > 0 || this.#error !== undefined;
    return begun || this.#queue.length === 0 ? undefined : this.#queue.takeAll();
  }

  next(): RespRequest | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#read();
    } catch (error) {
      this.#queue.clear();
      this.#args = [];
      if (error instanceof ProtocolError) this.#error = error;
      throw error;
    }
  }

  #read(): RespRequest | undefined {
    while (this.#expected === 0) {
      if (!this.#queue.ready(1)) return undefined;
      if (this.#keepRaw) this.#queue.capture();
      if (this.#queue.head[this.#queue.position] === STAR) {
        if (!this.#readCount()) return undefined;
      } else {
        if (!this.#readInline()) return undefined;
        if (this.#args.length > 0) return this.#finish();
      }
    }
    while (this.#args.length < this.#expected) {
      if (!this.#readArgument()) return undefined;
    }
    return this.#finish();
  }

  #finish(): RespRequest {
    const request = { args: this.#args, raw: this.#keepRaw ? this.#queue.captured() : [] };
    this.#args = [];
    this.#expected = 0;
    this.#cost = 0;
    return request;
  }

  /** Length of the header line when all of it, with its two end bytes, is there; else -1. */
  #header(what: string): number {
    const length = this.#queue.line(CR);
    const tooLong = length < 0 ? this.#queue.length > this.#limits.maxLineLength : length > this.#limits.maxLineLength;
    if (tooLong) throw new ProtocolError(`too big ${what} count string`);
    return length >= 0 && this.#queue.ready(length + 2) ? length : -1;
  }

  #integer(length: number): number | undefined {
    const { head, position } = this.#queue;
    const value = parseInteger(head, position + 1, position + length);
    this.#queue.skip(length + 2);
    return value;
  }

  #readCount(): boolean {
    const length = this.#header('mbulk');
    if (length < 0) return false;
    const count = this.#integer(length);
    if (count === undefined || count > this.#limits.maxArguments) throw new ProtocolError('invalid multibulk length');
    if (!this.authenticated && count > maxArgumentsBeforeLogin) {
      throw new ProtocolError('unauthenticated multibulk length');
    }
    this.#expected = Math.max(0, count);
    return true;
  }

  #readArgument(): boolean {
    if (this.#bulkLength < 0 && !this.#readBulkHeader()) return false;
    if (!this.#queue.ready(this.#bulkLength + 2)) return false;
    this.#args.push(this.#queue.take(this.#bulkLength));
    this.#queue.skip(2);
    this.#bulkLength = -1;
    return true;
  }

  #readBulkHeader(): boolean {
    if (!this.#queue.ready(1)) return false;
    const length = this.#header('bulk');
    if (length < 0) return false;
    const first = this.#queue.head[this.#queue.position] ?? 0;
    if (first !== DOLLAR) throw new ProtocolError(`expected '$', got '${printable(first)}'`);
    const bulk = this.#integer(length);
    if (bulk === undefined || bulk < 0 || bulk > this.#limits.maxBulkLength) {
      throw new ProtocolError('invalid bulk length');
    }
    if (!this.authenticated && bulk > maxBulkLengthBeforeLogin) {
      throw new ProtocolError('unauthenticated bulk length');
    }
    this.#cost += bulk + elementCost;
    if (this.#cost > this.#limits.maxTotalLength) throw new ProtocolError('too big request');
    this.#bulkLength = bulk;
    return true;
  }

  #readInline(): boolean {
    const length = this.#queue.line(LF);
    if ((length < 0 ? this.#queue.length : length) > this.#limits.maxLineLength) {
      throw new ProtocolError('too big inline request');
    }
    if (length < 0) return false;
    const line = this.#queue.take(length);
    this.#queue.skip(1);
    const args = splitInline(line.at(-1) === CR ? line.subarray(0, -1) : line);
    if (args === undefined) throw new ProtocolError('unbalanced quotes in request');
    this.#args = args;
    return true;
  }
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
}
