import { until } from '@entra-redis/test-support';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCache } from '../../src/cache/start-cache.ts';
import type { CacheServer } from '../../src/types.ts';
import { passwords, plain, RawClient, untilBlocking } from './helpers.ts';

let cache: CacheServer;
const clients: RawClient[] = [];
beforeEach(async () => {
  cache = await startCache({ verifier: passwords, denied: ['ACL', 'client getname'] });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.close();
  await cache.close();
});

function open(): RawClient {
  const client = new RawClient(cache.port);
  clients.push(client);
  return client;
}

async function loggedIn(password = 'secret'): Promise<RawClient> {
  const client = open();
  expect(plain(await client.call('AUTH', 'user', password))).toBe('+OK');
  return client;
}

const faultMet = (): boolean => cache.timeline.entries.some(({ event }) => event === 'fault');

const inMs = (ms: number): string => `secret:${Date.now() + ms}`;

describe('authentication', () => {
  it('asks for a login before everything but AUTH, HELLO, QUIT and RESET', async () => {
    const client = open();
    expect(plain(await client.call('GET', 'a'))).toBe('-NOAUTH Authentication required.');
    expect(plain(await client.call('HELLO', '3'))).toMatch(/^-NOAUTH HELLO must be called/);
    expect(plain(await client.call('RESET'))).toBe('+RESET');
    expect(plain(await client.call('QUIT'))).toBe('+OK');
    await client.closed;
  });

  it('cuts a connection when the token that it last authenticated with expires', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const client = await loggedIn(inMs(100));
    await client.call('AUTH', 'user', inMs(200));
    vi.advanceTimersByTime(199);
    expect(plain(await client.call('PING'))).toBe('+PONG');
    vi.advanceTimersByTime(1);
    await client.closed;
    expect(cache.timeline.entries.map((entry) => entry.event)).toContain('expired');
  });

  it('extends a connection by a second AUTH, and leaves it as it was after a failed one', async () => {
    const client = await loggedIn(inMs(50_000));
    const [before] = cache.connections;
    expect(plain(await client.call('AUTH', 'user', 'wrong'))).toMatch(/^-WRONGPASS /);
    expect(cache.connections).toEqual([before]);
    await client.call('AUTH', 'user', inMs(90_000));
    expect(cache.connections[0]?.expiresAt).toBeGreaterThan((before?.expiresAt ?? 0) + 30_000);
  });

  it('extends nothing by an AUTH that is queued in MULTI, or refused to a RESP2 subscriber', async () => {
    const client = await loggedIn(inMs(50_000));
    const before = cache.connections[0]?.expiresAt;
    await client.call('MULTI');
    expect(plain(await client.call('AUTH', 'user', inMs(90_000)))).toBe('+QUEUED');
    expect(plain(await client.call('EXEC'))).toEqual(['+OK']);
    await client.call('SUBSCRIBE', 'a');
    expect(plain(await client.call('AUTH', 'user', inMs(90_000)))).toMatch(/^-ERR Can't execute 'auth': only/);
    expect(cache.connections[0]?.expiresAt).toBe(before);
  });

  it('lets a RESP3 subscriber authenticate again on the same connection', async () => {
    const client = open();
    await client.call('HELLO', '3', 'AUTH', 'user', inMs(50_000));
    await client.call('SUBSCRIBE', 'a');
    expect(plain(await client.call('AUTH', 'user', 'secret'))).toBe('+OK');
    expect(cache.connections[0]?.expiresAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps the order of pipelined commands around an AUTH', async () => {
    const client = open();
    for (const args of [
      ['GET', 'a'],
      ['AUTH', 'user', 'secret'],
      ['SET', 'a', '1'],
      ['GET', 'a'],
    ])
      client.write(...args);
    const replies = [await client.next(), await client.next(), await client.next(), await client.next()];
    expect(replies.map(plain)).toEqual(['-NOAUTH Authentication required.', '+OK', '+OK', '1']);
  });

  it('answers NOPERM to what nobody may run', async () => {
    const client = await loggedIn();
    expect(plain(await client.call('ACL', 'WHOAMI'))).toMatch(/^-NOPERM .*'acl\|whoami'/);
    expect(plain(await client.call('CLIENT', 'GETNAME'))).toMatch(/^-NOPERM .*'client\|getname'/);
    expect(plain(await client.call('CLIENT', 'ID'))).toBe(1);
  });

  it('token/no-leak: shows no password in the timeline', async () => {
    const client = await loggedIn('secret:9999999999999');
    await client.call('HELLO', '2', 'AUTH', 'user', 'secret:9999999999998');
    await client.call('HELLO', '2', 'secret:9999999999997');
    await client.call('AUTHX', 'eyJhbGciOiJub25lIn0.99999999');
    expect(cache.timeline.toText()).not.toContain('99999999');
    expect(cache.timeline.entries.filter((entry) => entry.event === 'login')).toHaveLength(2);
  });
});

describe('faults', () => {
  it('answer an error once, then the command works', async () => {
    const client = await loggedIn();
    cache.fault({ match: 'get', action: { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' } });
    expect(plain(await client.call('GET', 'a'))).toBe('-LOADING Redis is loading the dataset in memory');
    expect(plain(await client.call('GET', 'a'))).toBeNull();
  });

  it('cut before or after the command is carried out', async () => {
    const [first, second, third] = [await loggedIn(), await loggedIn(), await loggedIn()];
    cache.fault({ match: 'INCR', connection: 1, action: { kind: 'cut' } });
    first.write('INCR', 'a');
    await first.closed;
    cache.fault({ match: 'INCR', connection: 2, action: { kind: 'cut', after: true } });
    second.write('INCR', 'a');
    await second.closed;
    expect(plain(await third.call('GET', 'a'))).toBe('1');
  });

  it('hang a connection for good, delay another and keep the order', async () => {
    const [stuck, slow] = [await loggedIn(), await loggedIn()];
    cache.fault({ match: 'CLIENT ID', connection: 1, action: { kind: 'hang' } });
    cache.fault({ match: 'CLIENT ID', connection: 2, action: { kind: 'delay', delayMs: 20 } });
    let answered = false;
    void stuck.call('CLIENT', 'ID').then(
      () => (answered = true),
      () => undefined,
    );
    await until(() => cache.timeline.entries.some(({ event, connection }) => event === 'fault' && connection === 1));
    slow.write('CLIENT', 'ID');
    slow.write('ECHO', 'x');
    expect([plain(await slow.next()), plain(await slow.next())]).toEqual([2, 'x']);
    expect(answered).toBe(false);
  });

  it('hold a command until the test lets it go, and keep the order', async () => {
    const [held, other] = [await loggedIn(), await loggedIn()];
    let letGo = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    cache.fault({ match: 'SET', connection: 1, action: { kind: 'hold', until: released } });
    held.write('SET', 'key', 'late');
    held.write('GET', 'key');
    await until(faultMet);
    expect(plain(await other.call('SET', 'key', 'early'))).toBe('+OK');
    letGo();
    expect([plain(await held.next()), plain(await held.next())]).toEqual(['+OK', 'late']);
  });

  it('hold a command, which is dropped where its connection closes meanwhile', async () => {
    const [held, other] = [await loggedIn(), await loggedIn()];
    cache.fault({ match: 'INCR', connection: 1, action: { kind: 'hold', until: held.closed } });
    held.write('INCR', 'a');
    await until(faultMet);
    cache.cut([1]);
    await held.closed;
    expect(plain(await other.call('GET', 'a'))).toBe(null);
  });

  it('truncate a reply, and refuse connections', async () => {
    const client = await loggedIn();
    const received: Buffer[] = [];
    client.socket.on('data', (chunk) => received.push(chunk));
    cache.fault({ match: 'ECHO', action: { kind: 'truncate', bytes: 6 } });
    client.write('ECHO', 'hello');
    await client.closed;
    expect(Buffer.concat(received).toString()).toBe('$5\r\nhe');
    cache.fault({ match: 'CONNECT', times: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    await open().closed;
    await open().closed;
    cache.heal();
    await loggedIn();
  });
});

describe('a connection', () => {
  it('is told where the commands are that the fake does not know', async () => {
    const client = await loggedIn();
    const hint =
      '(the fake cache knows few commands: npx entra-redis emulate --cache real, or startGate before a real server)';
    expect(plain(await client.call('EVAL', 'return 1', '0'))).toBe(
      `-ERR unknown command 'EVAL', with args beginning with: 'return 1' '0' ${hint}`,
    );
    expect(plain(await client.call('CLIENT', 'LIST'))).toBe(`-ERR unknown subcommand 'LIST'. Try CLIENT HELP. ${hint}`);
  });

  it('gets a protocol error and is closed when it sends no RESP', async () => {
    const client = open();
    client.socket.write('*1\r\n!boom\r\n');
    expect(plain(await client.next())).toBe("-ERR Protocol error: expected '$', got '!'");
    await client.closed;
  });

  it('sees the commands of others in MONITOR, without passwords', async () => {
    const [watching, other] = [await loggedIn(), await loggedIn()];
    expect(plain(await watching.call('MONITOR'))).toBe('+OK');
    await other.call('SET', 'a', 'b"c\n');
    await other.call('AUTH', 'user', 'secret');
    expect(plain(await watching.next())).toMatch(/^\+\d+\.\d{6} \[0 127\.0\.0\.1:\d+\] "SET" "a" "b\\"c\\n"$/);
    expect(plain(await watching.next())).toMatch(/"AUTH" "\(redacted\)" "\(redacted\)"$/);
  });

  it('gives up its place in a queue when it closes', async () => {
    const [gone, waiting, pushing] = [await loggedIn(), await loggedIn(), await loggedIn()];
    gone.write('BLPOP', 'list', '0');
    await untilBlocking(cache, 1);
    waiting.write('BLPOP', 'list', '0');
    await untilBlocking(cache, 2);
    gone.close();
    await until(() => cache.connections.length === 2);
    await pushing.call('RPUSH', 'list', 'x');
    expect(plain(await waiting.next())).toEqual(['list', 'x']);
  });

  it('answers a block that ends by time', async () => {
    const client = await loggedIn();
    expect(plain(await client.call('BLPOP', 'list', '0.01'))).toBeNull();
  });
});

describe('close', () => {
  it('ends every connection, and frees the port', async () => {
    const server = await startCache({ verifier: passwords });
    const client = new RawClient(server.port);
    await client.call('AUTH', 'user', inMs(60_000));
    client.write('BLPOP', 'a', '0');
    await until(() => server.timeline.entries.some(({ args }) => args?.[0] === 'BLPOP'));
    await server.close();
    await client.closed;
    await server.close();
    const again = await startCache({ verifier: passwords, port: server.port });
    expect(again.port).toBe(server.port);
    await again.close();
  });

  it('says which option makes no sense', async () => {
    await expect(startCache({ verifier: passwords, port: 70_000 })).rejects.toThrow('options.port');
    await expect(startCache({ verifier: passwords, cluster: { masters: 0 } })).rejects.toThrow('cluster.masters');
    await expect(startCache({ verifier: {} as typeof passwords })).rejects.toThrow('options.verifier');
  });
});
