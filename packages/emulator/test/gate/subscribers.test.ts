import { describe, expect, test } from 'vitest';
import { plain } from '../cache/helpers.ts';
import { bench, replies, WRONGPASS, recordings } from './setup.ts';

describe.each(recordings)('recording %s', (record) => {
  const bed = bench(record);

  describe('a RESP2 subscriber', () => {
    test('reauth/subscriber-resp2: its AUTH is refused by the server and extends nothing', async () => {
      const one = await bed.loggedIn();
      one.write('SUBSCRIBE', 'a', 'b');
      expect(await replies(one, 2)).toEqual([
        ['subscribe', 'a', 1],
        ['subscribe', 'b', 2],
      ]);
      expect(bed.gate.connections[0]?.subscriber).toBe(true);
      expect(plain(await one.call('AUTH', 'oid', 'secret'))).toMatch(/^-ERR Can't execute 'auth'/);
      expect(bed.entries('login')).toHaveLength(1);
    });

    test('messages between the replies keep the count of what is due', async () => {
      const [one, other] = [await bed.loggedIn(), await bed.loggedIn()];
      one.write('SUBSCRIBE', 'a');
      await one.next();
      await other.call('PUBLISH', 'a', '1');
      one.write('PING');
      one.write('PSUBSCRIBE', 'x*', 'y*');
      one.write('AUTH', 'oid', 'wrong');
      await other.call('PUBLISH', 'a', '2');
      const found = await replies(one, 6);
      expect(found.filter((reply) => Array.isArray(reply) && reply[0] === 'message')).toHaveLength(2);
      expect(found.filter((reply) => !(Array.isArray(reply) && reply[0] === 'message'))).toEqual([
        ['pong', ''],
        ['psubscribe', 'x*', 2],
        ['psubscribe', 'y*', 3],
        expect.stringMatching(/^-ERR Can't execute 'auth'/),
      ]);
    });

    test('reauth/subscriber-leaves: after UNSUBSCRIBE from all an AUTH counts again', async () => {
      const one = await bed.loggedIn();
      one.write('SUBSCRIBE', 'a', 'b', 'c');
      await replies(one, 3);
      one.write('UNSUBSCRIBE');
      one.write('UNSUBSCRIBE');
      one.write('AUTH', 'oid', 'secret');
      one.write('ECHO', 'end');
      const found = await replies(one, 6);
      expect(found.slice(0, 3).map((reply) => (reply as unknown[])[2])).toEqual([2, 1, 0]);
      expect(found.slice(3)).toEqual([['unsubscribe', null, 0], '+OK', 'end']);
      expect(bed.entries('login')).toHaveLength(2);
      expect(bed.gate.connections[0]?.subscriber).toBe(false);
    });

    test('a list that looks like a message is a reply while nothing is subscribed', async () => {
      const one = await bed.loggedIn();
      await one.call('DEL', 'list');
      await one.call('RPUSH', 'list', 'message', 'channel', 'text');
      one.write('LRANGE', 'list', '0', '-1');
      one.write('AUTH', 'oid', 'wrong');
      expect(await replies(one, 2)).toEqual([['message', 'channel', 'text'], WRONGPASS]);
    });
  });

  describe('a RESP3 subscriber', () => {
    test('reauth/subscriber-resp3: AUTH in place, with messages around it', async () => {
      const [one, other] = [bed.client(), await bed.loggedIn()];
      await one.call('HELLO', '3', 'AUTH', 'oid', 'secret');
      expect(plain(await one.call('SUBSCRIBE', 'a'))).toEqual({ push: ['subscribe', 'a', 1] });
      await other.call('PUBLISH', 'a', '1');
      one.write('AUTH', 'oid', 'secret');
      one.write('AUTH', 'oid', 'wrong');
      one.write('ECHO', 'end');
      await other.call('PUBLISH', 'a', '2');
      const found = await replies(one, 5);
      const isPush = (reply: unknown): boolean => typeof reply === 'object';
      expect(found.filter(isPush)).toEqual([{ push: ['message', 'a', '1'] }, { push: ['message', 'a', '2'] }]);
      expect(found.filter((reply) => !isPush(reply))).toEqual(['+OK', WRONGPASS, 'end']);
      expect(bed.entries('login')).toHaveLength(3);
    });

    test('a refused SUBSCRIBE takes one reply', async () => {
      const one = bed.client();
      await one.call('HELLO', '3', 'AUTH', 'oid', 'secret');
      one.write('SUBSCRIBE');
      one.write('AUTH', 'oid', 'wrong');
      expect(await replies(one, 2)).toEqual(["-ERR wrong number of arguments for 'subscribe' command", WRONGPASS]);
    });
  });

  describe('other ways of speaking', () => {
    test('MULTI with subscriptions inside keeps the order', async () => {
      const one = await bed.loggedIn();
      for (const args of [
        ['MULTI'],
        ['SUBSCRIBE', 'a', 'b'],
        ['UNSUBSCRIBE', 'a', 'b'],
        ['EXEC'],
        ['AUTH', 'oid', 'wrong'],
      ])
        one.write(...args);
      const found = await replies(one, 7);
      expect(found.slice(0, 3)).toEqual(['+OK', '+QUEUED', '+QUEUED']);
      // Four confirmations, of which the reply to EXEC holds the first two.
      expect(found[3]).toHaveLength(2);
      expect(found[6]).toBe(WRONGPASS);
    });

    test('reauth/monitor: lines of MONITOR are no replies', async () => {
      const [one, other] = [await bed.loggedIn(), await bed.loggedIn()];
      expect(plain(await one.call('MONITOR'))).toBe('+OK');
      await other.call('ECHO', 'x');
      // The gate answers a wrong token itself, maybe before the line has come from the server.
      expect(plain(await one.next())).toMatch(/^\+\d+\.\d+ \[0 .*"ECHO" "x"$/);
      expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
    });

    test('CLIENT REPLY OFF and SKIP: a login that nobody hears of still counts', async () => {
      const one = await bed.loggedIn();
      for (const args of [
        ['CLIENT', 'REPLY', 'SKIP'],
        ['ECHO', 'skipped'],
        ['ECHO', 'heard'],
        ['CLIENT', 'REPLY', 'OFF'],
      ])
        one.write(...args);
      for (const args of [
        ['ECHO', 'off'],
        ['AUTH', 'oid', 'secret'],
        ['AUTH', 'oid', 'wrong'],
        ['CLIENT', 'REPLY', 'ON'],
      ])
        one.write(...args);
      one.write('AUTH', 'oid', 'wrong');
      expect(await replies(one, 3)).toEqual(['heard', '+OK', WRONGPASS]);
      expect(bed.entries('login')).toHaveLength(2);
    });

    test('inline commands are forwarded as they are', async () => {
      const one = bed.client();
      one.socket.write('PING\r\nAUTH oid secret\r\nECHO "a b"\r\n');
      expect(await replies(one, 3)).toEqual(['-NOAUTH Authentication required.', '+OK', 'a b']);
    });

    test('QUIT is answered, then the connection ends', async () => {
      const one = await bed.loggedIn();
      expect(plain(await one.call('QUIT'))).toBe('+OK');
      await one.closed;
      expect(bed.entries('close').map(({ text }) => text)).toEqual(['QUIT']);
    });
  });
});
