import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand, encodeReply } from '../../src/resp/encode.ts';
import { ProtocolError } from '../../src/resp/limits.ts';
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts';
import { RequestParser } from '../../src/resp/request-parser.ts';
import { replies, replyFrames, requestArgs, requestFrames } from './frames.ts';

/** Frames for each of the two parsers: 20,000 in all by default; `pnpm run fuzz` takes a million. */
const frameCount = Number(process.env['FUZZ_FRAMES'] ?? 20_000) / 2;
/** Split frames at every byte only up to this length, or the time is spent on few of them. */
const framesPerRun = 10;
const numRuns = Math.ceil(frameCount / framesPerRun);
const timeout = 30 * 60_000;

const limits = { maxBulkLength: 1000, maxArguments: 100, maxLineLength: 200, maxTotalLength: 10_000, maxDepth: 8 };

interface Parser {
  push(chunk: Buffer): void;
  next(): object | undefined;
}

interface Reading {
  readonly values: unknown[];
  readonly error: string | undefined;
}

/** Reads the pieces to the end, or to the error, after which nothing may be read any more. */
function read(parser: Parser, pieces: Iterable<Buffer>): Reading {
  const values: unknown[] = [];
  try {
    for (const piece of pieces) {
      parser.push(piece);
      for (let next = parser.next(); next !== undefined; next = parser.next()) values.push(next);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    parser.push(Buffer.from('*1\r\n$4\r\nPING\r\n'));
    assertFailsForGood(parser);
    return { values, error: error.message };
  }
  return { values, error: undefined };
}

function assertFailsForGood(parser: Parser): void {
  try {
    parser.next();
  } catch (error) {
    if (error instanceof ProtocolError) return;
    throw error;
  }
  throw new Error('a parser went on after a protocol error');
}

function* bytewise(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** Whole, byte by byte, and split in two at every byte: always the same values and the same error. */
function readsTheSame(create: () => Parser, wire: Buffer): void {
  const whole = comparable(read(create(), [wire]));
  if (comparable(read(create(), bytewise(wire))) !== whole) throw new Error('read differently byte by byte');
  for (let at = 1; at < Math.min(wire.length, 64); at++) {
    const split = comparable(read(create(), [wire.subarray(0, at), wire.subarray(at)]));
    if (split !== whole) throw new Error(`read differently when split at byte ${at}: ${split} instead of ${whole}`);
  }
}

function comparable(reading: Reading): string {
  return JSON.stringify(reading, (key, value: unknown) => {
    if (key === 'raw') return undefined;
    return typeof value === 'number' && !Number.isFinite(value)
      ? String(value)
      : typeof value === 'bigint'
        ? `${value}n`
        : value;
  });
}

describe('hostile bytes', () => {
  it('requests: never anything but values or a protocol error, however they are split', { timeout }, () => {
    const create = (): RequestParser => {
      const parser = new RequestParser({ limits });
      parser.authenticated = true;
      return parser;
    };
    const frames = fc.array(requestFrames, { minLength: framesPerRun, maxLength: framesPerRun });
    fc.assert(
      fc.property(frames, (list) => {
        for (const frame of list) readsTheSame(create, frame);
        const together = Buffer.concat(list);
        if (comparable(read(create(), [together])) !== comparable(read(create(), bytewise(together)))) {
          throw new Error('frames in a row are read differently byte by byte');
        }
      }),
      { numRuns },
    );
  });

  it('replies: never anything but values or a protocol error, however they are split', { timeout }, () => {
    const create = (): ReplyDecoder => new ReplyDecoder({ limits });
    const frames = fc.array(replyFrames, { minLength: framesPerRun, maxLength: framesPerRun });
    fc.assert(
      fc.property(frames, (list) => {
        for (const frame of list) readsTheSame(create, frame);
      }),
      { numRuns },
    );
  });

  it('holds no more than its limits allow, however long a peer goes on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('*99\r\n$0\r\n\r\n', '*1\r\n$1000\r\n', 'a', '*1', '$'),
        fc.nat({ max: 50 }),
        (start, size) => {
          const parser = new RequestParser({ limits });
          parser.authenticated = true;
          parser.push(Buffer.from(start));
          for (let sent = 0; sent < 2000; sent += size + 1) {
            try {
              parser.push(Buffer.alloc(size + 1, 0x61));
              while (parser.next() !== undefined);
            } catch (error) {
              if (!(error instanceof ProtocolError)) throw error;
            }
            expect(parser.buffered).toBeLessThan(limits.maxTotalLength * 2);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what was written', () => {
  it('is read again: requests, with their bytes', () => {
    fc.assert(
      fc.property(fc.array(requestArgs, { maxLength: 5 }), (list) => {
        const wire = Buffer.concat(list.map(encodeCommand));
        const parser = new RequestParser({ keepRaw: true });
        parser.authenticated = true;
        const found: (readonly Buffer[])[] = [];
        const raw: Buffer[] = [];
        for (const piece of bytewise(wire)) {
          parser.push(piece);
          for (let next = parser.next(); next !== undefined; next = parser.next()) {
            found.push(next.args);
            raw.push(...next.raw);
          }
        }
        expect(found).toEqual(list);
        expect(Buffer.concat(raw).equals(wire)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is read again: replies', () => {
    fc.assert(
      fc.property(replies, fc.constantFrom(2 as const, 3 as const), (reply, resp) => {
        const wire = encodeReply(reply, resp);
        const decoder = new ReplyDecoder();
        decoder.push(wire);
        const again = decoder.next();
        expect(again && encodeReply(again.reply, resp).equals(wire)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
