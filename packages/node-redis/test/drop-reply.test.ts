import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { dropNextReply } from '../src/drop-reply.ts';

const moving = '>4\r\n$6\r\nMOVING\r\n:1\r\n:15\r\n_\r\n';
const streams = [
  ['OK alone', '+OK\r\n', ''],
  ['an error', '-WRONGPASS no\r\n$1\r\na\r\n', '$1\r\na\r\n'],
  ['a push before it', `${moving}+OK\r\n:1\r\n`, `${moving}:1\r\n`],
  ['a push behind it', `+OK\r\n${moving}`, moving],
  ['pushes of every kind', `>3\r\n%1\r\n+a\r\n*2\r\n:1\r\n$-1\r\n=5\r\ntxt:x\r\n~0\r\n+OK\r\n+b\r\n`, undefined],
] as const;

test.each(streams)('drops %s, however it is cut into chunks', (_name, bytes, rest) => {
  for (let size = 1; size <= bytes.length; size++) {
    const socket = new EventEmitter() as Socket;
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    dropNextReply(socket);
    for (let at = 0; at < bytes.length; at += size) socket.emit('data', Buffer.from(bytes.slice(at, at + size)));
    socket.emit('data', Buffer.from('+OK\r\n'));
    expect(heard).toBe(`${rest ?? bytes.replace('+OK\r\n', '')}+OK\r\n`);
  }
});

test('other events pass meanwhile', () => {
  const socket = new EventEmitter() as Socket;
  dropNextReply(socket);
  let closed = false;
  socket.on('close', () => {
    closed = true;
  });
  expect(socket.emit('close')).toBe(true);
  expect(closed).toBe(true);
});
