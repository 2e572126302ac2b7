import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { authRefused, withoutSecret, withoutTokens } from '../../src/index.ts';
import { requestFailure } from '../../src/errors/provider-errors.ts';
import { makeJwt } from '../../src/testing.ts';

const jwt = makeJwt({ oid: '11111111-2222-3333-4444-555555555555', exp: 1_800_000_000, iat: 1_799_996_400 });
const [header = '', payload = '', signature = ''] = jwt.split('.');

test.each([
  ['the token', `got ${jwt}.`, 'got <token>.'],
  ['its header alone', `bad header ${header}`, 'bad header <token>'],
  ['its payload alone', `bad claims "${payload}", sorry`, 'bad claims "<token>", sorry'],
  ['header and payload', `Bearer ${header}.${payload}`, 'Bearer <token>'],
  ['a header that was cut', `'${header.slice(0, 9)}'`, "'<token>'"],
  ['two of them', `${jwt} ${jwt}`, '<token> <token>'],
  ['a signature alone, which no pattern knows', `of ${signature}`, `of ${signature}`],
  ['no token', 'eyJ is how they begin', 'eyJ is how they begin'],
])('no-leak: %s', (_, text, clean) => {
  expect(withoutTokens(text)).toBe(clean);
});

test('no-leak: what a server quotes of the arguments of AUTH is struck, in whichever place it was cut', () => {
  const opaque = 'cache-1/?Action=connect&User=me&X-Amz-Signature=4f0c9a7be2d15386';
  for (const token of [jwt, opaque]) {
    for (let length = 16; length <= Math.min(89, token.length); length += 1) {
      const said = `ERR unknown command 'AUTH', with args beginning with: 'me' '${token.slice(0, length)}`;
      expect(withoutTokens(said, token)).toBe("ERR unknown command 'AUTH', with args beginning with: 'me' '<token>");
      expect(withoutSecret(new Error(said), token).message).not.toContain(token.slice(0, 16));
    }
  }
});

test('no-leak: no piece of 16 characters of the token in hand is left, whatever stands around it', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '0', '1'), maxLength: 40 });
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '1', '2', '.', '_', '-'), minLength: 16, maxLength: 200 }),
      fc.array(fc.record({ before: letters, from: fc.nat(200), length: fc.integer({ min: 16, max: 90 }) }), {
        maxLength: 4,
      }),
      letters,
      (token, pieces, after) => {
        const quoted = pieces.map(
          ({ before, from, length }) => before + token.slice(Math.min(from, token.length - 16)).slice(0, length),
        );
        const clean = withoutTokens(quoted.join('') + after, token);
        for (let at = 0; at + 16 <= clean.length; at += 1) expect(token).not.toContain(clean.slice(at, at + 16));
      },
    ),
  );
});

test('what is no piece of the token stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(withoutTokens(text, 'ZZ9-plural-Z-alpha-and-more')).toBe(text);
    }),
  );
  expect(withoutTokens('short', 'short')).toBe('<token>');
  expect(withoutTokens('a shorter one', 'short')).toBe('a <token>er one');
});

test('no-leak: what stands around a piece of the token is told as it is', () => {
  const opaque = 'cache-1/?Action=connect&User=me&X-Amz-Signature=4f0c9a7be2d15386';
  for (let length = 16; length <= opaque.length; length += 1) {
    const said = `bad argument '${opaque.slice(0, length)}', ask your administrator`;
    expect(withoutTokens(said, opaque)).toBe("bad argument '<token>', ask your administrator");
  }
});

test.each([
  ['at its beginning', 'cache-1/ is down, and so is cache-2'],
  ['at its end', 'ERR no such node: cache-1/?Action'],
  ['in its middle', 'the node cache-1/?Action is down'],
])('a text that has fewer than 16 characters in common with the token, %s, stays as it is', (_, said) => {
  expect(withoutTokens(said, 'cache-1/?Action=connect&User=me&X-Amz-Signature=4f0c9a7be2d15386')).toBe(said);
});

test('no-leak: an identity provider that quotes the header or the payload alone, or the token in hand, is not quoted', () => {
  for (const quoted of [header, payload]) {
    const { message, cause } = requestFailure(new Error(`bad part ${quoted}`), false);
    expect(message + String(cause)).not.toContain(quoted);
  }
  const opaque = 'an-opaque-token-of-thirty-two-ch';
  const error = requestFailure(Object.assign(new Error(`had ${opaque}`), { body: opaque.slice(4) }), false, opaque);
  expect(error.message).not.toContain('opaque');
  expect(error.cause).not.toHaveProperty('body');
  expect(authRefused('me', withoutSecret(new Error(opaque.slice(0, 20)), opaque)).cause).toMatchObject({
    message: '<token>',
  });
});
