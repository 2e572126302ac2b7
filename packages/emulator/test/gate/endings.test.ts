import { type AddressInfo, createServer, type Socket } from 'node:net';
import { startRedisServer } from '@entra-redis/redis-server';
import { until } from '@entra-redis/test-support';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFaults } from '../../src/policy/faults.ts';
import { startGate } from '../../src/gate/start-gate.ts';
import { passwords, plain, untilBlocked } from '../cache/helpers.ts';
import { bench, replies, WRONGPASS } from './setup.ts';

const bed = bench();

describe('expiry', () => {
  /** The gate's clock from now on. */
  const stopTheClock = (): void => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  afterEach(() => void vi.useRealTimers());

  test('a connection is cut when its token expires', async () => {
    stopTheClock();
    const one = await bed.loggedIn(Date.now() + 200);
    vi.advanceTimersByTime(199);
    expect(plain(await one.call('PING'))).toBe('+PONG');
    vi.advanceTimersByTime(1);
    await one.closed;
    const [expired] = bed.entries('expired');
    const [login] = bed.entries('login');
    expect(expired?.at).toBe(login?.login?.expiresAt);
    expect(bed.entries('close').map(({ text }) => text)).toEqual(['token expired']);
  });

  test('a refused AUTH, one in MULTI and one of a RESP2 subscriber extend nothing', async () => {
    stopTheClock();
    const expiresAt = Date.now() + 300;
    const [refused, queued, subscriber] = [
      await bed.loggedIn(expiresAt),
      await bed.loggedIn(expiresAt),
      await bed.loggedIn(expiresAt),
    ];
    expect(plain(await refused.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
    for (const args of [['MULTI'], ['AUTH', 'oid', 'secret'], ['EXEC']]) queued.write(...args);
    expect(await replies(queued, 3)).toEqual(['+OK', '+QUEUED', ['+OK']]);
    await subscriber.call('SUBSCRIBE', 'a');
    expect(plain(await subscriber.call('AUTH', 'oid', 'secret'))).toMatch(/^-ERR Can't execute 'auth'/);
    vi.advanceTimersByTime(300);
    await Promise.all([refused.closed, queued.closed, subscriber.closed]);
    expect(bed.entries('expired')).toHaveLength(3);
  });

  test('an accepted AUTH extends the connection, once', async () => {
    stopTheClock();
    const one = await bed.loggedIn(Date.now() + 200);
    const other = await bed.loggedIn(Date.now() + 200);
    const expiresAt = Date.now() + 60_000;
    expect(plain(await one.call('AUTH', 'oid', `secret:${expiresAt}`))).toBe('+OK');
    vi.advanceTimersByTime(200);
    await other.closed;
    expect(plain(await one.call('PING'))).toBe('+PONG');
    expect(bed.gate.connections).toMatchObject([{ expiresAt }]);
    vi.advanceTimersByTime(60_000);
    await one.closed;
  });

  test('a blocked connection is cut too, and the server forgets it', async () => {
    stopTheClock();
    const admin = bed.client(bed.redis.port);
    const one = await bed.loggedIn(Date.now() + 200);
    const id = Number(await one.call('CLIENT', 'ID'));
    one.write('BLPOP', 'nothing', '0');
    await untilBlocked(admin, id);
    vi.advanceTimersByTime(200);
    await one.closed;
    expect(bed.entries('expired').map(({ connection }) => connection)).toEqual([id]);
    await until(async () => plain(await admin.call('CLIENT', 'LIST', 'ID', String(id))) === '');
  });
});

describe('steering', () => {
  test('cut ends the given connections only', async () => {
    const [one, other] = [await bed.loggedIn(), await bed.loggedIn()];
    const id = Number(await one.call('CLIENT', 'ID'));
    bed.gate.cut([id]);
    await one.closed;
    expect(plain(await other.call('PING'))).toBe('+PONG');
  });

  test('faults that gates share are met once in all; others are refused by name', async () => {
    const faults = createFaults();
    const [one, two] = [await bed.open({ faults }), await bed.open({ faults })];
    faults.fault({ match: 'ECHO', times: 2, action: { kind: 'error', message: 'LOADING x' } });
    const clients = [bed.client(one.port), bed.client(two.port)];
    const echoed: unknown[] = [];
    for (const client of clients) expect(plain(await client.call('AUTH', 'oid', 'secret'))).toBe('+OK');
    for (const client of [...clients, ...clients]) echoed.push(plain(await client.call('ECHO', 'a')));
    expect(echoed).toEqual(['-LOADING x', '-LOADING x', 'a', 'a']);
    await expect(bed.open({ faults: { fault: () => {}, heal: () => {} } })).rejects.toThrow('options.faults');
  });

  test('faults: an error in place of a reply, a cut after the command, a truncated reply', async () => {
    const one = await bed.loggedIn();
    bed.gate.fault({ match: 'GET', action: { kind: 'error', message: 'LOADING Redis is loading' } });
    one.write('ECHO', 'a');
    one.write('GET', 'key');
    one.write('ECHO', 'b');
    expect(await replies(one, 3)).toEqual(['a', '-LOADING Redis is loading', 'b']);

    await one.call('DEL', 'counter');
    bed.gate.fault({ match: 'INCR', action: { kind: 'cut', after: true } });
    one.write('INCR', 'counter');
    await one.closed;
    const other = await bed.loggedIn();
    expect(plain(await other.call('GET', 'counter'))).toBe('1');

    bed.gate.fault({ match: 'ECHO', action: { kind: 'truncate', bytes: 5 } });
    let received = '';
    other.socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    other.write('ECHO', 'hello');
    await other.closed;
    expect(received).toBe('$5\r\nh');
  });

  test('faults: a delay holds what follows, a hang answers nothing more', async () => {
    const one = await bed.loggedIn();
    bed.gate.fault({ match: 'ECHO', action: { kind: 'delay', delayMs: 30 } });
    one.write('ECHO', 'slow');
    one.write('PING');
    expect(await replies(one, 2)).toEqual(['slow', '+PONG']);
    bed.gate.fault({ match: 'PING', action: { kind: 'hang' } });
    one.write('PING');
    const other = await bed.loggedIn();
    expect(plain(await other.call('ECHO', 'lives'))).toBe('lives');
    bed.gate.cut();
    await Promise.all([one.closed, other.closed]);
  });

  test('faults: a command is held until the test lets it go, and what follows waits', async () => {
    const [held, other] = [await bed.loggedIn(), await bed.loggedIn()];
    let letGo = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    bed.gate.fault({ match: 'SET', action: { kind: 'hold', until: released } });
    held.write('SET', 'held', 'late');
    held.write('GET', 'held');
    await until(() => bed.entries('fault').length > 0);
    expect(plain(await other.call('SET', 'held', 'early'))).toBe('+OK');
    letGo();
    expect(await replies(held, 2)).toEqual(['+OK', 'late']);
  });

  test('a fault on AUTH leaves the login as it was', async () => {
    const one = await bed.loggedIn();
    bed.gate.fault({ match: 'AUTH', action: { kind: 'error', message: 'LOADING x' } });
    expect(plain(await one.call('AUTH', 'oid', 'secret'))).toBe('-LOADING x');
    expect(plain(await one.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
    expect(bed.entries('login')).toHaveLength(1);
  });
});

describe('ends', () => {
  test('close ends every connection on both sides', async () => {
    const admin = bed.client(bed.redis.port);
    const gate = await bed.open();
    const one = bed.client(gate.port);
    await one.call('AUTH', 'oid', 'secret');
    const id = Number(await one.call('CLIENT', 'ID'));
    await gate.close();
    await gate.close();
    await one.closed;
    expect(gate.connections).toEqual([]);
    await until(async () => plain(await admin.call('CLIENT', 'LIST', 'ID', String(id))) === '');
  });

  test('a client that ends its side gets the replies that are due', async () => {
    const one = await bed.loggedIn();
    one.write('ECHO', 'last');
    one.socket.end();
    expect(plain(await one.next())).toBe('last');
    await one.closed;
  });

  test('a server that goes away takes its clients along', async () => {
    const redis = await startRedisServer();
    const gate = await bed.open({ upstream: redis });
    const one = bed.client(gate.port);
    await one.call('AUTH', 'oid', 'secret');
    await redis[Symbol.asyncDispose]();
    await one.closed;
    expect(gate.timeline.entries.at(-1)).toMatchObject({ event: 'close', text: 'by the upstream' });
    await bed.client(gate.port).closed;
  });

  test('a server that accepts and never answers does not hold up close', async () => {
    const silent: Socket[] = [];
    let probed = false;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (probed) silent.push(socket.resume());
      else socket.once('data', () => socket.write(':1\r\n') && socket.once('data', () => socket.write('+OK\r\n')));
      probed = true;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gate = await bed.open({ upstream: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } });
    const one = bed.client(gate.port);
    await until(() => silent.length === 1);
    await gate.close();
    await one.closed;
    expect(gate.connections).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  test('broken protocol is answered, then the connection ends', async () => {
    const one = await bed.loggedIn();
    one.socket.write('*1\r\n$3\r\nfoo\r\n*x\r\n');
    expect(await replies(one, 2)).toEqual([
      expect.stringMatching(/^-ERR unknown command 'foo'/),
      '-ERR Protocol error: invalid multibulk length',
    ]);
    await one.closed;
  });
});

describe('bad input', () => {
  const start = (options: object): Promise<unknown> =>
    startGate({ verifier: passwords, upstream: bed.redis, ...options });

  test.each([
    [{ verifier: {} }, /options\.verifier/],
    [{ upstream: { host: '', port: 1 } }, /options\.upstream\.host.*""/],
    [{ upstream: { host: '127.0.0.1', port: 70_000 } }, /options\.upstream\.port.*70000/],
    [{ port: -1 }, /options\.port.*-1/],
    [{ record: 'some' }, /options\.record.*some/],
    [{ rewriteAddress: 'x' }, /options\.rewriteAddress/],
    [{ timeline: {} }, /options\.timeline/],
  ])('%j is refused', async (options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  test('an upstream that is not there is named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    await expect(start({ upstream: { host: '127.0.0.1', port } })).rejects.toThrow(
      new RegExp(`no usable Redis at 127\\.0\\.0\\.1:${port} .*check host, port and password of the upstream`),
    );
  });

  test('an upstream that wants a password itself is refused', async () => {
    await using locked = await startRedisServer({ args: ['--requirepass', 'own'] });
    await expect(start({ upstream: locked })).rejects.toThrow(/NOAUTH.*check host, port and password of the upstream/);
  });
});
