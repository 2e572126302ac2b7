import { connect } from 'node:net';
import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { encodeCommand } from '../../src/resp/encode.ts';
import { plain, RawClient } from '../cache/helpers.ts';
import { bench, recordings } from './setup.ts';

describe.each(recordings)('recording %s', (record) => {
  const bed = bench(record);

  describe('bytes', () => {
    test('any bytes arrive as they were sent, however they are split', async () => {
      const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const request = Buffer.concat([
        encodeCommand(['AUTH', 'oid', 'secret']),
        encodeCommand(['SET', 'bytes', value]),
        encodeCommand(['GET', 'bytes']),
      ]);
      for (const size of [1, 7, 64, request.length]) {
        const one = bed.client();
        one.socket.setNoDelay(true);
        for (let at = 0; at < request.length; at += size) one.socket.write(request.subarray(at, at + size));
        expect(plain(await one.next())).toBe('+OK');
        expect(plain(await one.next())).toBe('+OK');
        expect(await one.next()).toEqual(value);
      }
    });

    test('a value of 32 MiB goes both ways', async () => {
      const one = await bed.loggedIn();
      const value = Buffer.alloc(32 * 1024 * 1024, 'x');
      expect(plain(await one.call('SET', 'big', value))).toBe('+OK');
      expect(value.equals((await one.call('GET', 'big')) as Buffer)).toBe(true);
      await one.call('DEL', 'big');
    });

    test('a client that does not read stops the gate from reading for it, and loses nothing', async () => {
      const one = await bed.loggedIn();
      await one.call('SET', 'chunk', Buffer.alloc(64 * 1024, 'y'));
      const count = 1000;
      const slow = connect(bed.gate.port, '127.0.0.1');
      slow.pause();
      const get = encodeCommand(['GET', 'chunk']);
      slow.write(
        Buffer.concat([encodeCommand(['AUTH', 'oid', 'secret']), ...Array.from({ length: count }, () => get)]),
      );
      // The server holds what the gate does not read: of 64 MB the gate took no more than the buffers between.
      const admin = bed.client(bed.redis.port);
      const held = async (): Promise<number> => {
        const list = String(plain(await admin.call('CLIENT', 'LIST')));
        return Math.max(...[...list.matchAll(/omem=(\d+)/g)].map(([, bytes]) => Number(bytes)));
      };
      await until(async () => (await held()) > 32 * 1024 * 1024);
      let received = 0;
      const wanted = '+OK\r\n'.length + count * ('$65536\r\n'.length + 64 * 1024 + '\r\n'.length);
      await new Promise<void>((resolve) => {
        slow.on('data', (chunk) => {
          received += chunk.length;
          if (received >= wanted) resolve();
        });
        slow.resume();
      });
      expect(received).toBe(wanted);
      slow.destroy();
    });
  });

  test('a hundred clients at once keep apart', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => bed.loggedIn()));
    const answers = await Promise.all(
      clients.map(async (client: RawClient, index) => {
        await client.call('SET', `key-${index}`, String(index));
        await client.call('AUTH', 'oid', 'secret');
        return plain(await client.call('GET', `key-${index}`));
      }),
    );
    expect(answers).toEqual(clients.map((_client, index) => String(index)));
    expect(bed.gate.connections).toHaveLength(100);
  });
});
