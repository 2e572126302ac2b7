import { describe, expect, it } from 'vitest';
import { encodeReply } from '../../src/resp/encode.ts';
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts';
import { double, error, map, nullArray, push, set, simple, verbatim, type Reply } from '../../src/resp/reply.ts';

const replies: [string, Reply, string, string][] = [
  ['null', null, '$-1\r\n', '_\r\n'],
  ['null array', nullArray, '*-1\r\n', '_\r\n'],
  ['integer', -7, ':-7\r\n', ':-7\r\n'],
  ['large integer', 9223372036854775807n, ':9223372036854775807\r\n', ':9223372036854775807\r\n'],
  ['string', 'é', '$2\r\né\r\n', '$2\r\né\r\n'],
  ['simple', simple('OK'), '+OK\r\n', '+OK\r\n'],
  ['error', error('ERR no\r\n+OK'), '-ERR no  +OK\r\n', '-ERR no  +OK\r\n'],
  ['double', double(1.5), '$3\r\n1.5\r\n', ',1.5\r\n'],
  ['infinity', double(Number.NEGATIVE_INFINITY), '$4\r\n-inf\r\n', ',-inf\r\n'],
  ['boolean', { type: 'boolean', value: true }, ':1\r\n', '#t\r\n'],
  ['big number', { type: 'big-number', text: '12' }, '$2\r\n12\r\n', '(12\r\n'],
  ['verbatim', verbatim('hi'), '$2\r\nhi\r\n', '=6\r\ntxt:hi\r\n'],
  ['map', map([['a', [1, null]]]), '*2\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n', '%1\r\n$1\r\na\r\n*2\r\n:1\r\n_\r\n'],
  ['set', set(['a']), '*1\r\n$1\r\na\r\n', '~1\r\n$1\r\na\r\n'],
  ['push', push(['message', 1]), '*2\r\n$7\r\nmessage\r\n:1\r\n', '>2\r\n$7\r\nmessage\r\n:1\r\n'],
  ['binary', Buffer.from([255, 0]), '$2\r\n\xff\0\r\n', '$2\r\n\xff\0\r\n'],
];

function decode(wire: Buffer, chunkSize: number): Reply[] {
  const decoder = new ReplyDecoder();
  const found: Reply[] = [];
  for (let at = 0; at < wire.length; at += chunkSize) {
    decoder.push(wire.subarray(at, at + chunkSize));
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) found.push(next.reply);
  }
  return found;
}

describe('replies', () => {
  it.each(replies)('writes %s in RESP2 and RESP3', (_name, reply, two, three) => {
    const encoding = Buffer.isBuffer(reply) ? 'latin1' : 'utf8';
    expect(encodeReply(reply, 2).toString(encoding)).toBe(two);
    expect(encodeReply(reply, 3).toString(encoding)).toBe(three);
  });

  it('decodes what it wrote, in chunks of any size', () => {
    for (const resp of [2, 3] as const) {
      const wire = Buffer.concat(replies.map(([, reply]) => encodeReply(reply, resp)));
      for (let size = 1; size <= wire.length; size++) {
        const again = decode(wire, size).map((reply) => encodeReply(reply, resp));
        expect(Buffer.concat(again).equals(wire)).toBe(true);
      }
    }
  });

  it('passes over attributes, nested ones too', () => {
    const wire = Buffer.from('|1\r\n+a\r\n:1\r\n*2\r\n:1\r\n|0\r\n|1\r\n+b\r\n:9\r\n:2\r\n:3\r\n');
    expect(decode(wire, 1)).toEqual([[1, 2], 3]);
  });

  it('keeps the bytes of each reply when asked to', () => {
    const decoder = new ReplyDecoder({ keepRaw: true });
    const wire = Buffer.from('*2\r\n$1\r\na\r\n*0\r\n+OK\r\n>1\r\n:1\r\n');
    const raws: string[] = [];
    for (const byte of wire) {
      decoder.push(Buffer.from([byte]));
      for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
        raws.push(Buffer.concat(next.raw).toString());
      }
    }
    expect(raws).toEqual(['*2\r\n$1\r\na\r\n*0\r\n', '+OK\r\n', '>1\r\n:1\r\n']);
  });

  it.each([
    ['nesting', '*1\r\n'.repeat(40)],
    ['a bad length', '$x\r\n'],
    ['a negative map', '%-1\r\n'],
    ['too many elements', '*99999999\r\n'],
    ['an unknown type', '@1\r\n'],
    ['a bad boolean', '#x\r\n'],
    ['a bad double', ',1e\r\n'],
    ['a missing line end', '$1\r\naXX'],
    ['a line without end', `+${'a'.repeat(70_000)}`],
    ['a streamed array', '*?\r\n'],
  ])('refuses %s', (_name, wire) => {
    expect(() => decode(Buffer.from(wire), 4096)).toThrow('Protocol error');
  });
});
