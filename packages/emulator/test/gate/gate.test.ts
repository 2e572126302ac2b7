import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeCommand } from '../../src/resp/encode.ts';
import { plain, untilBlocked } from '../cache/helpers.ts';
import { bench, NOAUTH, replies, WRONGPASS, recordings } from './setup.ts';

/** What `socket` hands to the system from now on, by write. */
function writesOf(socket: Socket): string[] {
  const writes: string[] = [];
  const [write, writev] = [socket._write.bind(socket), socket._writev?.bind(socket)];
  socket._write = (chunk: Buffer | string, ...rest) => {
    writes.push(chunk.toString());
    write(chunk, ...rest);
  };
  socket._writev = (chunks, done) => {
    writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
    writev?.(chunks, done);
  };
  return writes;
}

describe.each(recordings)('recording %s', (record) => {
  const bed = bench(record);

  describe('logging in', () => {
    test('before a login every command is answered NOAUTH', async () => {
      const one = bed.client();
      expect(plain(await one.call('GET', 'key'))).toBe(NOAUTH);
      expect(plain(await one.call('PING'))).toBe(NOAUTH);
      expect(plain(await one.call('HELLO', '3'))).toMatch(/^-NOAUTH HELLO must be called/);
      expect(plain(await one.call('AUTH', 'oid', 'secret'))).toBe('+OK');
      expect(plain(await one.call('PING'))).toBe('+PONG');
    });

    test('a refused AUTH leaves the connection as it was', async () => {
      const one = bed.client();
      expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
      expect(plain(await one.call('PING'))).toBe(NOAUTH);
      await one.call('AUTH', 'oid', 'secret');
      expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
      expect(plain(await one.call('PING'))).toBe('+PONG');
      expect(bed.entries('login')).toHaveLength(1);
      expect(bed.entries('refused').map(({ text }) => text)).toEqual(Array(2).fill('not the password of the tests'));
    });

    test('HELLO 3 AUTH logs in and speaks RESP3', async () => {
      const one = bed.client();
      const reply = plain(await one.call('HELLO', '3', 'AUTH', 'oid', 'secret', 'SETNAME', 'me'));
      expect(reply).toBeInstanceOf(Map);
      expect((reply as Map<string, unknown>).get('proto')).toBe(3);
      expect(plain(await one.call('CLIENT', 'GETNAME'))).toBe('me');
      expect(bed.gate.connections).toMatchObject([{ name: 'me', username: 'oid', subscriber: false }]);
    });

    test('HELLO 3 AUTH with a wrong password changes nothing', async () => {
      const one = await bed.loggedIn();
      expect(plain(await one.call('HELLO', '3', 'AUTH', 'oid', 'wrong', 'SETNAME', 'me'))).toBe(WRONGPASS);
      expect(plain(await one.call('GET', 'no such key'))).toBeNull();
      expect(plain(await one.call('CLIENT', 'GETNAME'))).toBeNull();
    });

    test('malformed logins are answered as Redis does', async () => {
      const one = bed.client();
      expect(plain(await one.call('AUTH'))).toBe("-ERR wrong number of arguments for 'auth' command");
      expect(plain(await one.call('AUTH', 'a', 'b', 'c'))).toBe('-ERR syntax error');
      expect(plain(await one.call('HELLO', '9'))).toBe('-NOPROTO unsupported protocol version');
    });

    test('the token goes neither upstream nor into the timeline', async () => {
      const monitor = bed.client(bed.redis.port);
      await monitor.call('MONITOR');
      const one = await bed.loggedIn();
      await one.call('AUTH', 'a', 'secret', 'b');
      await one.call('ECHO', 'done');
      for (let line = ''; !line.includes('done'); line = String(plain(await monitor.next()))) {
        expect(line).not.toContain('secret');
      }
      expect(bed.gate.timeline.toText()).not.toContain('secret');
    });

    test('the timeline counts connections as CLIENT ID does', async () => {
      const one = await bed.loggedIn();
      const id = await one.call('CLIENT', 'ID');
      expect(bed.entries('login').map(({ connection }) => connection)).toEqual([id]);
      expect(bed.gate.connections.map((connection) => connection.id)).toEqual([id]);
    });

    test('RESET logs out', async () => {
      const one = await bed.loggedIn();
      one.write('RESET');
      one.write('PING');
      expect(plain(await one.next())).toBe('+RESET');
      expect(plain(await one.next())).toBe(NOAUTH);
    });
  });

  describe('the order of replies', () => {
    test('commands before, between and after logins in one write keep their places', async () => {
      const one = bed.client();
      const before = [['PING'], ['AUTH', 'oid', 'wrong'], ['PING'], ['AUTH', 'oid', 'secret'], ['ECHO', 'a']];
      const after = [
        ['AUTH', 'oid', 'wrong'],
        ['ECHO', 'b'],
        ['AUTH', 'oid', 'secret'],
        ['ECHO', 'c'],
      ];
      one.socket.write(Buffer.concat([...before, ...after].map((args) => encodeCommand(args))));
      expect(await replies(one, 9)).toEqual([NOAUTH, WRONGPASS, NOAUTH, '+OK', 'a', WRONGPASS, 'b', '+OK', 'c']);
    });

    test('a re-AUTH goes to the upstream in one write with the commands around it', async () => {
      const sockets: Socket[] = [];
      const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
      subscribe('net.client.socket', note);
      onTestFinished(() => void unsubscribe('net.client.socket', note));
      // One that answers at once: a promise would hold the commands behind it.
      const verify = (objectId: string) => ({ ok: true as const, objectId, expiresAt: Infinity });
      const one = bed.client((await bed.open({ verifier: { verify } })).port);
      expect(plain(await one.call('AUTH', 'oid', 'secret'))).toBe('+OK');
      const upstream = sockets.find(({ remotePort }) => remotePort === bed.redis.port) as Socket;
      const writes = writesOf(upstream);
      const commands = [['UNSUBSCRIBE'], ['AUTH', 'oid', 'secret'], ['ECHO', 'a'], ['SUBSCRIBE', 'news']];
      one.socket.write(Buffer.concat(commands.map((args) => encodeCommand(args))));
      await replies(one, commands.length);
      expect(writes.map((text) => text.match(/UNSUBSCRIBE|AUTH|ECHO|SUBSCRIBE/g))).toEqual([
        ['UNSUBSCRIBE', 'AUTH', 'ECHO', 'SUBSCRIBE'],
      ]);
    });

    test.each([['SYNC'], ['sync'], ['PSYNC', '?', '-1'], ['psync', '?', '-1']])(
      '%s is refused by the gate and never reaches the upstream',
      async (...command) => {
        const stranger = bed.client();
        expect(plain(await stranger.call(...command))).toBe(NOAUTH);
        const one = await bed.loggedIn();
        for (const args of [['ECHO', 'before'], command, ['ECHO', 'after']]) one.write(...args);
        one.socket.write(`${command.join(' ')}\r\n`);
        const refused = '-ERR the gate forwards no replication';
        expect(await replies(one, 4)).toEqual(['before', refused, 'after', refused]);
        expect(String(plain(await one.call('INFO', 'replication')))).toContain('connected_slaves:0');
      },
    );

    test('reauth/pipeline: 10,000 commands with logins between them', async () => {
      const one = await bed.loggedIn();
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
      expect(await replies(one, wanted.length)).toEqual(wanted);
    });

    test('reauth/blocked: an AUTH behind BLPOP takes effect when the block ends', async () => {
      const one = await bed.loggedIn();
      const other = await bed.loggedIn();
      const id = Number(await one.call('CLIENT', 'ID'));
      one.write('BLPOP', 'blocked', '0');
      one.write('AUTH', 'oid', 'secret');
      one.write('ECHO', 'after');
      await untilBlocked(other, id);
      expect(bed.entries('login')).toHaveLength(2);
      await other.call('RPUSH', 'blocked', 'value');
      expect(plain(await one.next())).toEqual(['blocked', 'value']);
      expect(plain(await one.next())).toBe('+OK');
      expect(plain(await one.next())).toBe('after');
      expect(bed.entries('login')).toHaveLength(3);
    });

    test('reauth/manual-multi: an AUTH inside MULTI is queued and extends nothing', async () => {
      const one = await bed.loggedIn();
      for (const args of [['MULTI'], ['AUTH', 'oid', 'secret'], ['AUTH', 'oid', 'wrong'], ['ECHO', 'x'], ['EXEC']])
        one.write(...args);
      expect(await replies(one, 5)).toEqual(['+OK', '+QUEUED', '+QUEUED', '+QUEUED', ['+OK', WRONGPASS, 'x']]);
      expect(bed.entries('login')).toHaveLength(1);
    });
  });
});
