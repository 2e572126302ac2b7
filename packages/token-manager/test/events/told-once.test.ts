import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createTokenManager } from '../../src/index.ts';
import { TestClock } from '../../src/testing.ts';
import { bench, second } from '../support/bench.ts';

test('token/waiters-cheap: 1,000 callers wait, and the error of the failed request is looked at once; every caller has it', async () => {
  let looks = 0;
  const error = new Error('no route');
  Object.defineProperty(error, 'message', {
    get: () => {
      looks += 1;
      return 'no route';
    },
  });
  const { manager, provider } = bench({ script: [error] });
  const all = await Promise.allSettled(Array.from({ length: 1000 }, () => manager.credentials()));
  expect(provider.requests).toHaveLength(1);
  expect(looks).toBeLessThan(6);
  const reasons = all.map((each) => (each as PromiseRejectedResult).reason as Error);
  expect(new Set(reasons).size).toBe(1000);
  for (const reason of reasons) expect(reason).toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED', cause: error });
});

test('token/waiters-cheap: a held permanent failure is not looked at again for each call', async () => {
  let looks = 0;
  const error = Object.assign(new Error('outer'), {
    get cause() {
      looks += 1;
      return undefined;
    },
  });
  Object.defineProperty(error, 'message', { value: 'AADSTS7000215: wrong' });
  const { manager } = bench({ script: [error] });
  await manager.credentials().catch(() => undefined);
  const before = looks;
  for (let i = 0; i < 10; i += 1) await expect(manager.credentials()).rejects.toMatchObject({ cause: error });
  expect(looks).toBe(before);
});

/** As an HTTP client makes them: the error holds the request, that its sockets, and they everything. */
function httpError(size: number, token: string): Error {
  const sockets = Array.from({ length: size }, (_, i) => Object.assign(new EventEmitter(), { i, peer: {} }));
  for (const [i, socket] of sockets.entries()) socket.peer = sockets[(i + 1) % size] as object;
  return Object.assign(new Error('Request failed with status code 503', { cause: { response: { body: token } } }), {
    code: 'ERR_BAD_RESPONSE',
    request: { agent: { sockets } },
  });
}

test('token/waiters-cheap: of an error too large to look through, name, code and message are told, and nothing of its inside', async () => {
  const { provider, manager } = bench();
  const { value } = provider.issue();
  provider.script.push(httpError(5000, value));
  const { cause } = (await manager.credentials().catch((error: unknown) => error)) as Error;
  expect(cause).toMatchObject({ code: 'ERR_BAD_RESPONSE', message: 'Request failed with status code 503' });
  expect(cause).not.toHaveProperty('request');
  const small = httpError(2, 'nothing');
  provider.script.push(small);
  const again = bench({ script: [small] });
  await expect(again.manager.credentials()).rejects.toMatchObject({ cause: small });
});

test.each([
  ['a list', (): object => Array.from({ length: 1000 }, () => 7)],
  ['a buffer', () => Buffer.alloc(1000)],
  ['an object', () => Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]))],
])('token/waiters-cheap: %s that is too large is not looked through', async (_, make) => {
  let looks = 0;
  const large = new Proxy(make(), {
    getOwnPropertyDescriptor: (target, key) => {
      looks += 1;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  const { manager } = bench({ script: [Object.assign(new Error('large'), { large })] });
  await manager.credentials().catch(() => undefined);
  expect(looks).toBe(0);
});

test.each([
  ['a page of 10 MB', (): unknown => new Error('x'.repeat(10_000_000))],
  ['a list of a million', () => Object.assign(new Error('many'), { list: Array.from({ length: 1_000_000 }, () => 7) })],
  [
    'a chain without an end',
    () => Object.defineProperty(new Error('deep'), 'cause', { get: () => new Error('deeper') }),
  ],
])('token/waiters-cheap: %s is told in short', async (_, make) => {
  const { manager } = bench({ script: [make() as Error] });
  const error = (await manager.credentials().catch((each: unknown) => each)) as Error;
  expect(error.message.length).toBeLessThan(21_000);
  expect((error.cause as Error).message.length).toBeLessThan(21_000);
});

test('token/no-leak: an opaque token that the username function quotes is struck from event and error', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const quoted: [string, () => never][] = [
    [
      opaque,
      () => {
        throw new Error(`cannot parse ${opaque}`);
      },
    ],
    [
      opaque.slice(0, 20),
      () => {
        throw new Error(`cannot parse ${opaque.slice(0, 20)}`, { cause: opaque });
      },
    ],
  ];
  for (const [piece, username] of quoted) {
    const { provider, manager, of } = bench({}, { username });
    provider.script.push(provider.issue({ value: opaque }));
    const error = (await manager.credentials().catch((each: unknown) => each)) as Error;
    for (const each of [error, of('failed')[0]?.error as Error]) {
      expect(each).toMatchObject({ cause: { message: 'The username function threw: cannot parse <token>' } });
      expect(inspect(each, { depth: 5 })).not.toContain(piece);
    }
  }
});

test('token/no-leak: a provider that quotes the opaque token in hand is not quoted, nor is a listener', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const { clock, provider, manager, of } = bench({}, { username: 'me' });
  provider.script.push(provider.issue({ value: opaque }), new Error(`the former one was ${opaque.slice(3)}`));
  await manager.credentials();
  await clock.advance(42 * 60 * second);
  expect(of('retry')[0]?.error.message).toContain('the former one was <token>.');
});

test('token/no-leak: a provider that quotes the opaque token that was just refused is not quoted', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const { clock, provider, manager, of } = bench({}, { username: 'me' });
  provider.script.push(provider.issue({ value: opaque }));
  const credentials = await manager.credentials();
  await clock.advance(second);
  provider.script.push(new Error(`nothing newer than ${opaque}`));
  manager.reject(credentials, new Error('WRONGPASS'));
  await clock.advance(0);
  expect(of('failed')[0]?.error.message).toContain('nothing newer than <token>.');
});

test('token/close-in-flight: getToken is never called after close, nor after a request ran out of time', async () => {
  const clock = new TestClock();
  const asked: (string | undefined)[] = [];
  let fail: (error: Error) => void = () => undefined;
  const manager = createTokenManager(
    {
      getToken: (_, options) => {
        asked.push(options?.claims);
        return options?.claims === undefined
          ? Promise.resolve({ token: `opaque ${asked.length}`, expiresOnTimestamp: clock.now() + 3600 * second })
          : new Promise((_resolve, reject) => (fail = reject));
      },
    },
    { clock, username: 'me' },
  );
  manager.reject(await manager.credentials(), new Error('WRONGPASS'));
  await clock.advance(second);
  expect(asked).toHaveLength(2);
  manager.close();
  fail(new Error('aborted'));
  await clock.advance(second);
  expect(asked).toHaveLength(2);
});
