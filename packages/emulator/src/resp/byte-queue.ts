const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Bytes that have arrived and have not been read. Chunks are joined only when enough of them are there for the next read, so
 * a long bulk string in many chunks is copied once.
 */
export class ByteQueue {
  /** The joined bytes; unread from `position` on. Readers look at them only through `line` and `ready`. */
  head: Buffer = EMPTY;
  position = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  /** Bytes after `position` that hold no line end. */
  #scanned = 0;
  #captured: Buffer[] | undefined;
  #captureFrom = 0;

  get length(): number {
    return this.head.length - this.position + this.#chunkBytes;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.position === this.head.length && this.#chunkBytes === 0) {
      this.#flushCapture();
      this.head = chunk;
      this.position = 0;
      this.#captureFrom = 0;
      return;
    }
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }

  /** True when `count` unread bytes can be read from `head`. */
  ready(count: number): boolean {
    if (this.head.length - this.position >= count) return true;
    if (this.length < count) return false;
    this.#join();
    return true;
  }

  /** Length of the line from `position` to the first `end` byte, or -1 when that has not arrived. */
  line(end: number): number {
    if (this.#chunkBytes > 0) this.#join();
    const { head, position } = this;
    for (let index = position + this.#scanned; index < head.length; index++) {
      if (head[index] === end) {
        this.#scanned = 0;
        return index - position;
      }
    }
    this.#scanned = head.length - position;
    return -1;
  }

  /** Passes over `count` bytes, which must be ready. */
  skip(count: number): void {
    this.position += count;
    this.#scanned = 0;
  }

  /** The next `count` bytes, which must be ready. They share memory with the chunk they came in. */
  take(count: number): Buffer {
    const bytes = count === 0 ? EMPTY : this.head.subarray(this.position, this.position + count);
    this.skip(count);
    return bytes;
  }

  /** From here on, the bytes that are passed over are kept for `captured`. */
  capture(): void {
    this.#captured = [];
    this.#captureFrom = this.position;
  }

  /** The bytes read since `capture`, in pieces. */
  captured(): Buffer[] {
    this.#flushCapture();
    const pieces = this.#captured ?? [];
    this.#captured = undefined;
    return pieces;
  }

  /** Hands back everything that has not been read. */
  takeAll(): Buffer {
    if (this.#chunkBytes > 0) this.#join();
    return this.take(this.head.length - this.position);
  }

  clear(): void {
    this.head = EMPTY;
    this.position = 0;
    this.#scanned = 0;
    this.#chunks = [];
    this.#chunkBytes = 0;
    this.#captured = undefined;
  }

  #join(): void {
    this.#flushCapture();
    this.head = Buffer.concat([this.head.subarray(this.position), ...this.#chunks]);
    this.position = 0;
    this.#captureFrom = 0;
    this.#chunks = [];
    this.#chunkBytes = 0;
  }

  #flushCapture(): void {
    if (this.#captured === undefined || this.position <= this.#captureFrom) return;
    this.#captured.push(this.head.subarray(this.#captureFrom, this.position));
    this.#captureFrom = this.position;
  }
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * A decimal integer written as Redis' `string2ll` wants it (no plus, no leading zero, no space), or undefined.
 * Integers beyond 2^53 are undefined too: no length may be that large.
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > 16) return undefined;
  if (bytes[first] === ZERO) return digits === 1 && !negative ? 0 : undefined;
  let value = 0;
  for (let index = first; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < ZERO || byte > NINE) return undefined;
    value = value * 10 + (byte - ZERO);
  }
  if (!Number.isSafeInteger(value)) return undefined;
  return negative ? -value : value;
}
