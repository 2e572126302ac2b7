import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanReplies } from '../../src/gate/scan-replies.ts';
import { scanRequests } from '../../src/gate/scan-requests.ts';
import { encodeCommand, encodeReply } from '../../src/resp/encode.ts';
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts';
import { RequestParser } from '../../src/resp/request-parser.ts';
import { noise, replies, requestArgs } from '../resp/frames.ts';

const settings = { numRuns: 20_000 };

/** Where each whole request or reply ends, by the parser that decodes them; stops where it refuses one. */
function ends(
  bytes: Buffer,
  parser: { push(chunk: Buffer): void; next(): { raw: readonly Buffer[] } | undefined },
): number[] {
  const found = [0];
  parser.push(bytes);
  try {
    for (let next = parser.next(); next !== undefined; next = parser.next()) {
      found.push((found.at(-1) ?? 0) + next.raw.reduce((sum, piece) => sum + piece.length, 0));
    }
  } catch {
    // What the parser refuses, the scanner must not pass on either.
  }
  return found;
}

describe('scanRequests', () => {
  const parser = (): RequestParser => {
    const made = new RequestParser({ keepRaw: true });
    made.authenticated = true;
    return made;
  };
  const requests = fc
    .tuple(fc.array(requestArgs, { maxLength: 4 }), noise)
    .map(([all, rest]) => Buffer.concat([...all.map((args) => encodeCommand(args)), rest]));

  test('passes on whole requests only, as the parser counts them', () => {
    fc.assert(
      fc.property(requests, (bytes) => {
        const { count, end } = scanRequests(bytes);
        expect(ends(bytes, parser())[count]).toBe(end);
      }),
      settings,
    );
  });

  test('takes every ordinary command, and stops at each special one, however it is spelled', () => {
    const [get, client] = [encodeCommand(['GET', 'key']), encodeCommand(['cLiEnT', 'ID'])];
    expect(scanRequests(Buffer.concat([get, get, client, get]))).toEqual({ count: 2, end: get.length * 2 });
    for (const name of ['AUTH', 'hello', 'Reset', 'QUIT', 'multi', 'EXEC', 'sunsubscribe', 'psubscribe', 'MONITOR']) {
      expect(scanRequests(encodeCommand([name, 'x'])).count).toBe(0);
    }
    for (const part of [1, 5, get.length - 1]) expect(scanRequests(get.subarray(0, part)).count).toBe(0);
  });
});

describe('scanReplies', () => {
  const streams = fc
    .tuple(fc.array(replies, { maxLength: 4 }), fc.constantFrom(2 as const, 3 as const), fc.nat({ max: 30 }))
    .map(([all, resp, missing]) => {
      const bytes = Buffer.concat(all.map((reply) => encodeReply(reply, resp)));
      return bytes.subarray(0, Math.max(0, bytes.length - missing));
    });

  test('passes on whole replies only, as the decoder counts them', () => {
    fc.assert(
      fc.property(streams, fc.nat({ max: 5 }), (bytes, most) => {
        const { count, end } = scanReplies(bytes, most, false);
        expect(count).toBeLessThanOrEqual(most);
        expect(ends(bytes, new ReplyDecoder({ keepRaw: true }))[count]).toBe(end);
      }),
      settings,
    );
  });

  test('stops at pushes, and at errors where they matter', () => {
    const ok = Buffer.from('+OK\r\n');
    const moved = Buffer.from('-MOVED 1 a:1\r\n');
    expect(scanReplies(Buffer.concat([ok, Buffer.from('>1\r\n+x\r\n')]), 9, false)).toEqual({ count: 1, end: 5 });
    expect(scanReplies(Buffer.concat([ok, moved, ok]), 9, true)).toEqual({ count: 1, end: 5 });
    expect(scanReplies(Buffer.concat([ok, moved, ok]), 9, false).count).toBe(3);
    expect(scanReplies(Buffer.concat([ok, ok, ok]), 2, false)).toEqual({ count: 2, end: 10 });
  });
});
