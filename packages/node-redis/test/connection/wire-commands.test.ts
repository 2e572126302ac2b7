import { describe, expect, test } from 'vitest';
import {
  beforeName,
  asksForMoves,
  encodeAuth,
  endsLastSubscription,
  isHello2,
  isOrdinary,
  mayBlock,
  modeAfter,
  nestedMulti,
  ping,
  subscriptionBy,
  unsubscribeReplies,
} from '../../src/connection/wire-commands.ts';

test('AUTH, PING and MULTI are written as node-redis writes them, with lengths in bytes', () => {
  const auth = encodeAuth({ username: 'id', password: 'tökén', expiresAt: 0 });
  expect(auth).toBe('*3\r\n$4\r\nAUTH\r\n$2\r\nid\r\n$7\r\ntökén\r\n');
  expect(ping).toBe('*1\r\n$4\r\nPING\r\n');
  expect(nestedMulti).toBe('*1\r\n$5\r\nMULTI\r\n');
});

describe('the mode that a command puts its connection in', () => {
  test.each([
    ['*1\r\n$5\r\nMULTI\r\n', 'transaction'],
    ['*1\r\n$5\r\nmulti\r\n', 'transaction'],
    ['*1\r\n$4\r\nEXEC\r\n', 'normal'],
    ['*1\r\n$7\r\nDISCARD\r\n', 'normal'],
    ['*1\r\n$5\r\nRESET\r\n', 'normal'],
    ['*1\r\n$7\r\nMONITOR\r\n', 'monitor'],
    [ping, undefined],
    ['*2\r\n$3\r\nGET\r\n$1\r\na\r\n', undefined],
    // The same as a value.
    ['$5\r\nMULTI\r\n', undefined],
    [`*1\r\n$40\r\n${'x'.repeat(40)}\r\n`, undefined],
  ])('%j: %s', (command, mode) => {
    expect(modeAfter(command)).toBe(mode);
  });
});

describe('what a name of a command does to subscriptions', () => {
  test.each([
    ['SUBSCRIBE', 'begins'],
    ['PSUBSCRIBE', 'begins'],
    ['ssubscribe', 'begins'],
    ['UNSUBSCRIBE', 'ends'],
    ['PUNSUBSCRIBE', 'ends'],
    ['sunsubscribe', 'ends'],
    ['xsubscribe', undefined],
    ['subscribed', undefined],
    ['presubscribe', undefined],
    ['GET', undefined],
    ['SUBSCRIB', undefined],
    ['a longer name than any', undefined],
  ])('%s: %s', (name, effect) => {
    const bytes = Buffer.from(`..${name}..`).subarray(2, -2);
    expect(subscriptionBy(bytes)).toBe(effect);
  });
});

test.each([
  [['BLPOP', 'jobs', '0'], true],
  [['brpoplpush', 'a', 'b', '0'], true],
  [['BZMPOP', '0', '10', ...Array.from({ length: 10 }, String), 'MIN'], true],
  [['WAIT', '1', '0'], true],
  [['XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 's', '>'], true],
  [['XREAD', 'COUNT', '1', 'STREAMS', 's', '0'], false],
  [['XADD', 's', '*', 'BLOCK', '0'], false],
  [['BITCOUNT', 'key'], false],
  [['SET', 'key', 'BLPOP'], false],
])('may keep later commands from an answer: %j: %s', (args, blocks) => {
  expect(mayBlock(`*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`)).toBe(blocks);
});

test.each([
  ['*2\r\n$9\r\n', true],
  ['*12\r\n$12\r\n', true],
  ['*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$9\r\n', false],
  ['\r\n$9\r\n', false],
  ['', false],
])('a name follows %j: %s', (text, follows) => {
  expect(beforeName(text)).toBe(follows);
});

describe('RESP2 replies to UNSUBSCRIBE', () => {
  const reply = (channel: string, left: number, kind = 'unsubscribe'): string =>
    `*3\r\n$${kind.length}\r\n${kind}\r\n${channel}:${left}\r\n`;
  const [news, none] = ['$4\r\nnews\r\n', '$-1\r\n'];
  const long = `$12\r\n${'n'.repeat(12)}\r\n`;
  test.each([
    [reply(news, 0), true],
    [reply(long, 0), true],
    [reply(none, 0), true],
    [reply(news, 0, 'punsubscribe'), true],
    [reply(news, 1), false],
    [reply(news, 10), false],
    [reply(news, 1) + reply(long, 0), true],
    ['*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:0\r\n', false],
  ])('%j leaves no subscription: %s', (replies, isLast) => {
    expect(endsLastSubscription(replies)).toBe(isLast);
  });

  test('there is one for each channel', () => {
    expect([0, 1, 3].map((count) => unsubscribeReplies(reply(news, 2).repeat(count)))).toEqual([0, 1, 3]);
    expect(unsubscribeReplies('+OK\r\n')).toBe(0);
  });
});

test.each([
  ['GET', true],
  ['hgetall', true],
  ['INCR', true],
  ['MULTI', false],
  ['exec', false],
  ['AUTH', false],
  ['CLIENT', false],
  ['BLPOP', false],
  ['wait', false],
  ['XREAD', false],
  ['ZRANGEBYSCORE', false],
])('%s passes without another look: %s', (name, ordinary) => {
  expect(isOrdinary(`*2\r\n$${name.length}\r\n${name}\r\n$1\r\na\r\n`)).toBe(ordinary);
});

test('what begins within a command is looked at', () => {
  expect(isOrdinary('\r\n$3\r\nkey\r\n')).toBe(false);
});

test('parts of the handshake: what asks for MOVING, and HELLO 2', () => {
  const moves = '*5\r\n$6\r\nCLIENT\r\n$19\r\nMAINT_NOTIFICATIONS\r\n$2\r\nON\r\n';
  expect([moves, '*3\r\n$6\r\nCLIENT\r\n$7\r\nSETINFO\r\n'].map(asksForMoves)).toEqual([true, false]);
  const hello = (version: number): string => `*5\r\n$5\r\nHELLO\r\n$1\r\n${version}\r\n$4\r\nAUTH\r\n`;
  expect([hello(2), hello(3), ping].map(isHello2)).toEqual([true, false, false]);
});
