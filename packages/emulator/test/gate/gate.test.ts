import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGate } from '../../src/gate/start-gate.ts';
import type { Gate, GateOptions, WireEntry } from '../../src/types.ts';
import { passwords, plain, RawClient } from '../cache/helpers.ts';
import { type RealRedis, startRealRedis } from './helpers.ts';

const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.';
const NOAUTH = '-NOAUTH Authentication required.';

let redis: RealRedis;
let gate: Gate;
const clients: RawClient[] = [];

beforeAll(async () => {
  redis = await startRealRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  gate = await start();
});
afterEach(async () => {
  for (const made of clients.splice(0)) made.close();
  await gate.close();
});

function start(options: Partial<GateOptions> = {}): Promise<Gate> {
  return startGate({ verifier: passwords, upstream: redis, ...options });
}

function client(): RawClient {
  const made = new RawClient(gate.port);
  clients.push(made);
  return made;
}

async function loggedIn(until?: number): Promise<RawClient> {
  const made = client();
  expect(plain(await made.call('AUTH', 'oid', until === undefined ? 'secret' : `secret:${until}`))).toBe('+OK');
  return made;
}

function entries(event: WireEntry['event']): readonly WireEntry[] {
  return gate.timeline.entries.filter((entry) => entry.event === event);
}

describe('logging in', () => {
  test('before a login every command is answered NOAUTH', async () => {
    const one = client();
    expect(plain(await one.call('GET', 'key'))).toBe(NOAUTH);
    expect(plain(await one.call('PING'))).toBe(NOAUTH);
    expect(plain(await one.call('HELLO', '3'))).toMatch(/^-NOAUTH HELLO must be called/);
    expect(plain(await one.call('AUTH', 'oid', 'secret'))).toBe('+OK');
    expect(plain(await one.call('PING'))).toBe('+PONG');
  });

  test('a refused AUTH leaves the connection as it was', async () => {
    const one = client();
    expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
    expect(plain(await one.call('PING'))).toBe(NOAUTH);
    await one.call('AUTH', 'oid', 'secret');
    expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
    expect(plain(await one.call('PING'))).toBe('+PONG');
    expect(entries('login')).toHaveLength(1);
    expect(entries('refused').map(({ text }) => text)).toEqual(Array(2).fill('not the password of the tests'));
  });

  test('HELLO 3 AUTH logs in and speaks RESP3', async () => {
    const one = client();
    const reply = plain(await one.call('HELLO', '3', 'AUTH', 'oid', 'secret', 'SETNAME', 'me'));
    expect(reply).toBeInstanceOf(Map);
    expect((reply as Map<string, unknown>).get('proto')).toBe(3);
    expect(plain(await one.call('CLIENT', 'GETNAME'))).toBe('me');
    expect(gate.connections).toMatchObject([{ name: 'me', username: 'oid', subscriber: false }]);
  });

  test('HELLO 3 AUTH with a wrong password changes nothing', async () => {
    const one = await loggedIn();
    expect(plain(await one.call('HELLO', '3', 'AUTH', 'oid', 'wrong', 'SETNAME', 'me'))).toBe(WRONGPASS);
    expect(plain(await one.call('GET', 'no such key'))).toBeNull();
    expect(plain(await one.call('CLIENT', 'GETNAME'))).toBeNull();
  });

  test('malformed logins are answered as Redis does', async () => {
    const one = client();
    expect(plain(await one.call('AUTH'))).toBe("-ERR wrong number of arguments for 'auth' command");
    expect(plain(await one.call('AUTH', 'a', 'b', 'c'))).toBe('-ERR syntax error');
    expect(plain(await one.call('HELLO', '9'))).toBe('-NOPROTO unsupported protocol version');
  });

  test('the token goes neither upstream nor into the timeline', async () => {
    const monitor = new RawClient(redis.port);
    clients.push(monitor);
    await monitor.call('MONITOR');
    const one = await loggedIn();
    await one.call('AUTH', 'a', 'secret', 'b');
    await one.call('ECHO', 'done');
    for (let line = ''; !line.includes('done'); line = String(plain(await monitor.next()))) {
      expect(line).not.toContain('secret');
    }
    expect(gate.timeline.toText()).not.toContain('secret');
  });

  test('the timeline counts connections as CLIENT ID does', async () => {
    const one = await loggedIn();
    const id = await one.call('CLIENT', 'ID');
    expect(entries('login').map(({ connection }) => connection)).toEqual([id]);
    expect(gate.connections.map((connection) => connection.id)).toEqual([id]);
  });

  test('RESET logs out', async () => {
    const one = await loggedIn();
    one.write('RESET');
    one.write('PING');
    expect(plain(await one.next())).toBe('+RESET');
    expect(plain(await one.next())).toBe(NOAUTH);
  });
});

describe('the order of replies', () => {
  test('commands before, between and after logins in one write keep their places', async () => {
    const one = client();
    for (const args of [['PING'], ['AUTH', 'oid', 'wrong'], ['PING'], ['AUTH', 'oid', 'secret'], ['ECHO', 'a']]) {
      one.write(...args);
    }
    for (const args of [
      ['AUTH', 'oid', 'wrong'],
      ['ECHO', 'b'],
      ['AUTH', 'oid', 'secret'],
      ['ECHO', 'c'],
    ])
      one.write(...args);
    const replies: unknown[] = [];
    for (let count = 0; count < 9; count++) replies.push(plain(await one.next()));
    expect(replies).toEqual([NOAUTH, WRONGPASS, NOAUTH, '+OK', 'a', WRONGPASS, 'b', '+OK', 'c']);
  });

  test('reauth/pipeline: 10,000 commands with logins between them', async () => {
    const one = await loggedIn();
    const wanted: unknown[] = [];
    for (let index = 0; index < 10_000; index++) {
      one.write('ECHO', String(index));
      wanted.push(String(index));
      if (index % 1000 === 500) {
        const ok = index % 2000 === 500;
        one.write('AUTH', 'oid', ok ? 'secret' : 'wrong');
        wanted.push(ok ? '+OK' : WRONGPASS);
      }
    }
    const replies: unknown[] = [];
    while (replies.length < wanted.length) replies.push(plain(await one.next()));
    expect(replies).toEqual(wanted);
  });

  test('reauth/blocked: an AUTH behind BLPOP takes effect when the block ends', async () => {
    const one = await loggedIn();
    const other = await loggedIn();
    one.write('BLPOP', 'blocked', '0');
    one.write('AUTH', 'oid', 'secret');
    one.write('ECHO', 'after');
    await other.call('ECHO', 'a round trip');
    expect(entries('login')).toHaveLength(2);
    await other.call('RPUSH', 'blocked', 'value');
    expect(plain(await one.next())).toEqual(['blocked', 'value']);
    expect(plain(await one.next())).toBe('+OK');
    expect(plain(await one.next())).toBe('after');
    expect(entries('login')).toHaveLength(3);
  });

  test('reauth/manual-multi: an AUTH inside MULTI is queued and extends nothing', async () => {
    const one = await loggedIn();
    for (const args of [['MULTI'], ['AUTH', 'oid', 'secret'], ['AUTH', 'oid', 'wrong'], ['ECHO', 'x'], ['EXEC']])
      one.write(...args);
    const replies: unknown[] = [];
    for (let count = 0; count < 5; count++) replies.push(plain(await one.next()));
    expect(replies).toEqual(['+OK', '+QUEUED', '+QUEUED', '+QUEUED', ['+OK', WRONGPASS, 'x']]);
    expect(entries('login')).toHaveLength(1);
  });
});
