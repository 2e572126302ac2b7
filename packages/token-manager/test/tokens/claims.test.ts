import { expect, test } from 'vitest';
import { readClaims } from '../../src/tokens/claims.ts';
import { makeJwt } from '../../src/testing.ts';

const encoded = (text: string): string => `h.${Buffer.from(text).toString('base64url')}.s`;

test('of a JWT the object id, the instants of its life, audience and tenant are read, and nothing else', () => {
  expect(readClaims(makeJwt({ oid: 'me', iat: 1, exp: 2, name: 'Ada', aud: 'x', tid: 't' }))).toEqual({
    oid: 'me',
    iat: 1,
    exp: 2,
    aud: 'x',
    tid: 't',
  });
  expect(readClaims(makeJwt({ oid: 'ümläut' }))).toEqual({ oid: 'ümläut' });
});

test.each([
  ['an opaque token', 'opaque'],
  ['two parts', 'a.b'],
  ['two parts, the second a payload', encoded('{"oid":"me"}').slice(0, -2)],
  ['four parts', `${encoded('{"oid":"me"}')}.more`],
  ['no payload', 'a..c'],
  ['no JSON', encoded('{"oid":')],
  ['JSON that is no object', encoded('null')],
  ['claims of other types', makeJwt({ oid: 7, iat: '1', exp: null, aud: ['x'], tid: 7 })],
  ['instants beyond the year 9999', makeJwt({ iat: -1e12, exp: 1e12 })],
  ['instants that are no numbers', encoded('{"iat":1e999,"exp":-1e999}')],
])('token/no-oid: %s has no claims, and throws nothing', (_, token) => {
  expect(readClaims(token)).toEqual({});
});
