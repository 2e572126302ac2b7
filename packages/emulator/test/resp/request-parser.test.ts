import { describe, expect, it } from 'vitest';
import { encodeCommand } from '../../src/resp/encode.ts';
import { RequestParser } from '../../src/resp/request-parser.ts';

function readAll(parser: RequestParser): string[][] {
  const requests: string[][] = [];
  for (let request = parser.next(); request !== undefined; request = parser.next()) {
    requests.push(request.args.map(String));
  }
  return requests;
}

function loggedIn(options?: ConstructorParameters<typeof RequestParser>[0]): RequestParser {
  const parser = new RequestParser(options);
  parser.authenticated = true;
  return parser;
}

function errorOf(input: string | Buffer, parser: RequestParser = loggedIn()): string {
  parser.push(Buffer.from(input));
  try {
    readAll(parser);
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
  return 'no error';
}

describe('requests', () => {
  it('reads arrays of bulk strings and inline commands in turn', () => {
    const parser = loggedIn();
    parser.push(Buffer.from("PING\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n\r\n*0\r\nSET a \"b\\x41 c\"\nGET 'it\\'s'\r\n"));
    expect(readAll(parser)).toEqual([['PING'], ['GET', 'a'], ['SET', 'a', 'bA c'], ['GET', "it's"]]);
  });

  it('reads the same requests split at every byte', () => {
    const wire = Buffer.concat([
      encodeCommand(['SET', 'key', Buffer.from([0, 13, 10, 255])]),
      Buffer.from('ECHO "a b"\r\n'),
      encodeCommand(['DEL', '', 'x']),
    ]);
    const whole = loggedIn();
    whole.push(wire);
    const expected = readAll(whole);
    expect(expected).toHaveLength(3);
    for (let at = 0; at <= wire.length; at++) {
      const parser = loggedIn();
      parser.push(wire.subarray(0, at));
      const requests = readAll(parser);
      parser.push(wire.subarray(at));
      expect([...requests, ...readAll(parser)]).toEqual(expected);
    }
    const bytewise = loggedIn();
    const requests = [...wire].flatMap((byte) => {
      bytewise.push(Buffer.from([byte]));
      return readAll(bytewise);
    });
    expect(requests).toEqual(expected);
  });

  it('keeps the bytes of each request when asked to', () => {
    const wire = Buffer.from('*1\r\n$4\r\nPING\r\nECHO  hi \r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n');
    const parser = loggedIn({ keepRaw: true });
    const pieces: Buffer[] = [];
    for (const byte of wire) {
      parser.push(Buffer.from([byte]));
      for (let request = parser.next(); request !== undefined; request = parser.next()) pieces.push(...request.raw);
    }
    expect(Buffer.concat(pieces).toString()).toBe(wire.toString());
  });

  it.each([
    ['*1\r\n+PING\r\n', "expected '$', got '+'"],
    ['*x\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*1048577\r\n', 'invalid multibulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$99999999999999999999\r\n', 'invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
    ['GET "a\r\n', 'unbalanced quotes in request'],
    ['GET "a"b\r\n', 'unbalanced quotes in request'],
    [`*${'1'.repeat(70_000)}`, 'too big mbulk count string'],
    [`*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
    ['a'.repeat(70_000), 'too big inline request'],
  ])('answers %j as Redis does', (input, detail) => {
    expect(errorOf(input)).toBe(`Protocol error: ${detail}`);
  });

  it('holds a client that has not logged in to Redis’ tighter limits', () => {
    expect(errorOf('*11\r\n', new RequestParser())).toBe('Protocol error: unauthenticated multibulk length');
    expect(errorOf('*1\r\n$16385\r\n', new RequestParser())).toBe('Protocol error: unauthenticated bulk length');
  });

  it('bounds what one request may hold, empty arguments included', () => {
    const limits = { maxTotalLength: 1000 };
    expect(errorOf(`*100\r\n${'$0\r\n\r\n'.repeat(100)}`, loggedIn({ limits }))).toBe(
      'Protocol error: too big request',
    );
  });

  it('goes on failing after an error, and holds nothing', () => {
    const parser = loggedIn();
    parser.push(Buffer.from('*1\r\n!\r\n'));
    expect(() => parser.next()).toThrow('Protocol error');
    parser.push(Buffer.from('PING\r\n'));
    expect(() => parser.next()).toThrow('Protocol error');
    expect(parser.buffered).toBeLessThan(100);
  });
});
