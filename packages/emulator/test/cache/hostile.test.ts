import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataCommands } from '../../src/cache/commands/table.ts';
import { startCache } from '../../src/cache/start-cache.ts';
import { encodeCommand } from '../../src/resp/encode.ts';
import type { CacheServer } from '../../src/types.ts';
import { noise } from '../resp/frames.ts';
import { passwords, plain, RawClient } from './helpers.ts';

let cache: CacheServer;
beforeEach(async () => {
  cache = await startCache({ verifier: passwords });
});
afterEach(() => cache.close());

/** The server still answers somebody who behaves. */
async function answers(): Promise<void> {
  const client = new RawClient(cache.port);
  expect(plain(await client.call('AUTH', 'secret'))).toBe('+OK');
  expect(plain(await client.call('PING'))).toBe('+PONG');
  client.close();
  await client.closed;
}

/** Sends bytes, says goodbye, and waits until the server has closed. */
async function send(...chunks: readonly Buffer[]): Promise<void> {
  const client = new RawClient(cache.port);
  for (const chunk of chunks) client.socket.write(chunk);
  client.socket.end();
  await client.closed;
}

const names = [...dataCommands.values()].flatMap((row) => [
  [row.name],
  ...[...(row.subcommands?.values() ?? [])].map((sub) => sub.name.split('|')),
]);
const words =
  'k l 0 1 -1 2 0.001 ( [a + - * $ > abc 9223372036854775807 -9223372036854775808 1-1 COUNT LIMIT STREAMS GROUP NX XX EX';
const argument = fc.oneof(
  fc.constantFrom(...words.split(' ')).map((word) => Buffer.from(word)),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
);
/** After these a connection does not carry out what follows, or does it otherwise. */
const lasting = new Set(
  'quit reset monitor multi subscribe psubscribe ssubscribe auth hello xread xreadgroup'.split(' '),
);
const isLasting = ([name = '', sub = '']: string[]): boolean =>
  lasting.has(name) || dataCommands.get(name)?.flags.has('blocking') === true || sub === 'reply' || sub === 'kill';

function commandOf(chosen: readonly string[][]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...chosen), fc.array(argument, { maxLength: 6 }))
    .map(([name, args]) => encodeCommand([...name, ...args]));
}
const passing = commandOf(names.filter((name) => !isLasting(name)));
const greetings = [encodeCommand(['AUTH', 'secret']), encodeCommand(['HELLO', '3', 'AUTH', 'default', 'secret'])];
const session = fc
  .tuple(
    fc.constantFrom(...greetings),
    fc.array(passing, { maxLength: 60 }),
    commandOf(names.filter(isLasting)),
    fc.array(passing, { maxLength: 5 }),
  )
  .map(([greeting, before, command, after]) => [greeting, ...before, command, ...after]);

describe('a hostile client', () => {
  it('gets an answer of Redis to every command with any arguments, never an error of ours', async () => {
    await fc.assert(
      fc.asyncProperty(session, (commands) => send(...commands)),
      { numRuns: Number(process.env['FUZZ_SESSIONS'] ?? 300) },
    );
    expect(cache.timeline.entries.filter((entry) => entry.text?.includes('internal error') === true)).toEqual([]);
    await answers();
  });

  it('cannot take the server down with noise, before or after a login', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 10 }), fc.boolean(), async (chunks, login) => {
        await send(...(login ? [encodeCommand(['AUTH', 'secret'])] : []), ...chunks);
      }),
      { numRuns: 200 },
    );
    await answers();
  });

  it('is cut when it does not read what it subscribed to', async () => {
    const [deaf, publisher] = [new RawClient(cache.port), new RawClient(cache.port)];
    for (const client of [deaf, publisher]) await client.call('AUTH', 'secret');
    await deaf.call('SUBSCRIBE', 'news');
    deaf.socket.pause();
    const message = Buffer.alloc(1024 * 1024, 'x');
    while (cache.connections.some((one) => one.subscriber)) await publisher.call('PUBLISH', 'news', message);
    expect(cache.timeline.entries.at(-1)?.text).not.toContain('internal');
    expect(cache.timeline.entries.some((entry) => entry.text === 'output buffer limit')).toBe(true);
    deaf.close();
    publisher.close();
  });

  it.each([
    ['is blocked', (client: RawClient) => client.write('BLPOP', 'list', '0')],
    ['does not read its replies', (client: RawClient) => client.socket.pause()],
  ])('is not read any further while it %s', async (_name, start) => {
    const client = new RawClient(cache.port);
    await client.call('AUTH', 'secret');
    start(client);
    const megabyte = encodeCommand(['ECHO', Buffer.alloc(1024 * 1024)]);
    for (let count = 0; count < 64; count++) client.socket.write(megabyte);
    await answers();
    await answers();
    // What the server does not read stays here.
    expect(client.socket.writableLength).toBeGreaterThan(8 * 1024 * 1024);
    client.close();
    await client.closed;
  });
});
