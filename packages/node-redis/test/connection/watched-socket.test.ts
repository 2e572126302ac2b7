import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { nextTurn } from '../../src/timers.ts';
import { OwnAuths } from '../../src/connection/own-auths.ts';
import { type QueuedAuth, WatchedSocket } from '../../src/connection/watched-socket.ts';
import { nestedMulti, noMoves } from '../../src/connection/wire-commands.ts';

const command = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
const hello = (version: number): string => command('HELLO', String(version), 'AUTH', 'id', 'token');
const unsubscribed = (left: number): string => `*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:${left}\r\n`;
const moves = command('CLIENT', 'MAINT_NOTIFICATIONS', 'ON', 'moving-endpoint-type', 'none');

/** A socket, what was written to it, what its reader saw, and what the watch tells. */
function watched(): { wire: WatchedSocket; told: unknown[]; ownAuths: OwnAuths; written: string[]; read: string[] } {
  const written: string[] = [];
  const read: string[] = [];
  const told: unknown[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const ownAuths = new OwnAuths();
  const wire = new WatchedSocket(socket as Socket, ownAuths, {
    newestAuth: () => 'the newest',
    handshakeAnswered: (error) => {
      told.push(['answered', error]);
      return error === undefined ? undefined : `${error} (told)`;
    },
    authMayBePossible: (isUnsubscribed) => told.push(['free', isUnsubscribed]),
    closed: () => told.push('closed'),
  });
  socket.on('data', (data: Buffer) => read.push(data.toString()));
  socket.on('error', () => undefined);
  return { wire, told, ownAuths, written, read };
}

async function arrives({ wire }: { wire: WatchedSocket }, ...replies: string[]): Promise<void> {
  for (const reply of replies) {
    wire.socket.push(reply);
    await nextTurn();
  }
}

/** As node-redis writes the name of a pub/sub command. */
function writeName(wire: WatchedSocket, name: string): void {
  wire.socket.write(`*2\r\n$${name.length}\r\n`);
  wire.socket.write(Buffer.from(name));
  wire.socket.write('\r\n$4\r\nnews\r\n');
}

function shakesHands({ wire }: { wire: WatchedSocket }, handshake = hello(3)): void {
  wire.expectHandshake('token');
  wire.socket.write(handshake);
}

test.each([
  ['+OK\r\n', undefined],
  ['-WRONGPASS no such user\r\n+OK\r\n', 'WRONGPASS no such user'],
  ['-\r\n', ''],
])('the first reply tells of the handshake, and no later one: %j', async (reply, error) => {
  const world = watched();
  shakesHands(world);
  await arrives(world, reply, '-ERR of another command\r\n');
  expect(world.told).toEqual([['answered', error]]);
  const [line = '', ...rest] = reply.split('\r\n');
  const read = error === undefined ? reply : [`${line} (told)`, ...rest].join('\r\n');
  expect(world.read).toEqual([read, '-ERR of another command\r\n']);
});

test('reauth/no-leak: what a server quotes of the token is struck before the client reads it', async () => {
  const world = watched();
  const token = 'opaque-token-of-thirty-characters';
  world.wire.expectHandshake(token);
  world.wire.socket.write(command('HELLO', '3', 'AUTH', 'me', token));
  const quoted = "-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'me' '";
  await arrives(world, `${quoted}${token.slice(0, 20)}\r\n+OK ${token}\r\n`);
  const struck = `${quoted}<token>`;
  expect(world.read).toEqual([`${struck} (told)\r\n+OK ${token}\r\n`]);
  expect(world.told).toEqual([['answered', struck.slice(1)]]);
});

test('a command that comes before the handshake, and one that is like it, are no handshake', async () => {
  const world = watched();
  world.wire.expectHandshake('token');
  world.wire.socket.write(command('CLIENT', 'SETINFO', 'LIB-NAME', 'node-redis'));
  await arrives(world, '+OK\r\n');
  expect(world.told).toEqual([]);
  world.wire.socket.write(hello(3));
  await arrives(world, '+OK\r\n');
  world.wire.socket.write(hello(3));
  await arrives(world, '-ERR\r\n');
  expect(world.told).toEqual([['answered', undefined]]);
});

test('the handshake after RESET counts as accepted: the replies of other commands may come first', async () => {
  const world = watched();
  shakesHands(world);
  await arrives(world, '+OK\r\n');
  shakesHands(world);
  await arrives(world, '-ERR of another command\r\n');
  expect(world.told).toEqual([
    ['answered', undefined],
    ['answered', undefined],
  ]);
});

test('reauth/no-leak: what a client is given in place of a token never goes out, also where nobody waits for the answer', () => {
  const world = watched();
  world.wire.socket.write(command('AUTH', 'id', 'entra-redis:token-7'));
  expect(world.written).toEqual(['the newest']);
});

test('topology/maintenance-move: a client that asks to be told is answered by the server that it cannot be', () => {
  const world = watched();
  shakesHands(world);
  world.wire.socket.write(moves);
  world.wire.socket.write(command('CLIENT', 'ID'));
  expect(world.written).toEqual([hello(3), noMoves, command('CLIENT', 'ID')]);
});

test('who ended a connection: the server, the network, or the client', async () => {
  const [server, network, client, open] = [watched(), watched(), watched(), watched()];
  server.wire.socket.push(null);
  network.wire.socket.destroy(new Error('ECONNRESET'));
  client.wire.socket.destroy();
  await nextTurn();
  const seen = [server, network, client, open].map(({ wire, told }) => [wire.endedByPeer, wire.closed, told]);
  expect(seen.slice(1)).toEqual([
    [true, true, ['closed']],
    [false, true, ['closed']],
    [false, false, []],
  ]);
  expect(server.wire.endedByPeer).toBe(true);
});

test('reauth/subscriber-resp2: AUTH is refused to a subscriber that said HELLO 2, until its last channel is gone', async () => {
  const two = watched();
  shakesHands(two, hello(2));
  await arrives(two, '+OK\r\n');
  expect(two.wire.refusesAuth).toBe(false);
  writeName(two.wire, 'SUBSCRIBE');
  expect(two.wire.refusesAuth).toBe(true);
  writeName(two.wire, 'UNSUBSCRIBE');
  await arrives(two, unsubscribed(1));
  expect(two.wire.refusesAuth).toBe(true);
  writeName(two.wire, 'UNSUBSCRIBE');
  await arrives(two, '+OK\r\n', unsubscribed(0));
  expect(two.wire.refusesAuth).toBe(false);
  writeName(two.wire, 'PSUBSCRIBE');
  shakesHands(two, hello(2));
  expect(two.wire.refusesAuth).toBe(false);
  const three = watched();
  shakesHands(three);
  writeName(three.wire, 'SUBSCRIBE');
  expect(three.wire.refusesAuth).toBe(false);
});

test('reauth/subscriber-leaves: replies are read from an UNSUBSCRIBE to the last one alone', async () => {
  const world = watched();
  const listeners = world.wire.socket.listenerCount('data');
  const count = (): number => world.wire.socket.listenerCount('data') - listeners;
  writeName(world.wire, 'UNSUBSCRIBE');
  writeName(world.wire, 'PUNSUBSCRIBE');
  expect(count()).toBe(1);
  await arrives(world, '+OK\r\n', unsubscribed(0));
  expect(count()).toBe(1);
  await arrives(world, unsubscribed(0));
  expect(count()).toBe(0);
  expect(world.told).toEqual([
    ['free', true],
    ['free', true],
  ]);
});

test('reauth/manual-multi: the end of a transaction, and only that, may set an AUTH free', async () => {
  const world = watched();
  for (const name of ['EXEC', 'MULTI', 'PING']) world.wire.socket.write(command(name));
  await Promise.resolve();
  expect([world.told, world.wire.mode]).toEqual([[], 'transaction']);
  world.wire.socket.write(command('DISCARD'));
  await Promise.resolve();
  expect([world.told, world.wire.mode]).toEqual([[['free', undefined]], 'normal']);
});

test('an AUTH of ours is written as it is on its own socket, as the newest on another, and as a nested MULTI in a transaction', () => {
  const world = watched();
  const own: QueuedAuth = {
    command: command('AUTH', 'id', 'new'),
    written: 'the token',
    inTransaction: false,
    isBehindBlock: false,
  };
  const stale = command('AUTH', 'id', 'old');
  const users = command('AUTH', 'me', 'mine');
  world.ownAuths.add(own.command);
  world.ownAuths.add(stale);
  world.wire.expectAuth(own);
  const texts = [users, stale, own.command];
  for (const text of texts) world.wire.socket.write(text);
  expect(world.written.splice(0)).toEqual([users, 'the newest', own.written]);
  expect(own).toMatchObject({ inTransaction: false });
  world.wire.socket.write(command('MULTI'));
  world.wire.socket.write(stale);
  expect(own.inTransaction).toBe(false);
  world.wire.socket.write(own.command);
  expect(own.inTransaction).toBe(true);
  expect(world.written.slice(1)).toEqual([nestedMulti, nestedMulti]);
});
