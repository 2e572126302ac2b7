import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { bench, minute } from '../support/bench.ts';

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

test('token/waiters-cheap: callers of one failed request get its stack, which is taken once', async () => {
  const { manager } = bench({ script: [new Error('no route')] });
  const waiting = Array.from({ length: 10 }, () => manager.credentials().catch((error: Error) => error));
  const { stackTraceLimit } = Error;
  const prepareStackTrace = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  let taken = 0;
  Error.prepareStackTrace = () => {
    taken += 1;
    return 'the stack';
  };
  const stacks = (await Promise.all(waiting)).map((error) => (error as Error).stack);
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Object.defineProperty(Error, 'prepareStackTrace', prepareStackTrace);
  expect(stacks).toEqual(Array.from({ length: 10 }, () => 'the stack'));
  expect(taken).toBeLessThan(10);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
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

/** What a request that failed with such an error has as its cause. */
async function causeOf(failure: Error): Promise<unknown> {
  const { manager } = bench({ script: [failure] });
  return ((await manager.credentials().catch((each: unknown) => each)) as Error).cause;
}

const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]));
const list = (length: number): number[] => Array.from({ length }, () => 7);

test.each([
  ['a list', (): object => list(1000)],
  ['a buffer', () => Buffer.alloc(1000)],
  ['an object', () => ({ ...keys })],
  ['a function with properties', () => Object.assign(() => undefined, keys)],
])('token/waiters-cheap: %s that is too large is not looked through', async (_, make) => {
  let looks = 0;
  const large = new Proxy(make(), {
    getOwnPropertyDescriptor: (target, key) => {
      looks += 1;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  expect(await causeOf(Object.assign(new Error('large'), { large }))).not.toHaveProperty('large');
  expect(looks).toBe(0);
});

test('token/waiters-cheap: of a long list, a large map and a large set not even the keys are asked for', async () => {
  let looks = 0;
  const look = (): number => (looks += 1);
  const long = new Proxy(list(1000), { ownKeys: (target) => (look(), Reflect.ownKeys(target)) });
  const map = new Map(list(1000).map((_, i) => [i, i]));
  const set = new Set(map.keys());
  for (const each of [map, set]) {
    const entries = each[Symbol.iterator].bind(each);
    Object.defineProperty(each, Symbol.iterator, { value: () => (look(), entries()) });
  }
  for (const large of [long, map, set]) {
    expect(await causeOf(Object.assign(new Error('large'), { large }))).not.toHaveProperty('large');
  }
  expect(looks).toBe(0);
});

test.each([
  ['many lists, each of them short', Array.from({ length: 20 }, () => list(100))],
  ['a map', new Map([['sockets', list(1000)]])],
  ['the keys of a map', new Map([[list(1000), 'sockets']])],
  ['a set', new Set([list(1000)])],
])('token/waiters-cheap: what is too large is found in %s', async (_, inside) => {
  expect(await causeOf(Object.assign(new Error('large'), { inside }))).not.toHaveProperty('inside');
});

test('token/no-leak: a token that lies deeper than anybody looks is not passed on', async () => {
  let inside: object = { token: 'opaque-1234567890-opaque' };
  for (let depth = 0; depth < 12; depth += 1) inside = { inside };
  const cause = await causeOf(Object.assign(new Error('deep'), { inside }));
  expect(cause).toMatchObject({ message: 'deep' });
  expect(cause).not.toHaveProperty('inside');
});

test.each([
  ['whose name', (): Error => Object.defineProperty(new Error('odd'), 'name', { get: fail })],
  ['whose properties', () => Object.assign(new Error('odd'), { inside: new Proxy({}, { ownKeys: fail }) })],
])('an error %s cannot be read fails the request, and does not end the manager', async (_, make) => {
  const { manager, clock } = bench({ script: [make()] });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
  await clock.advance(minute);
  await expect(manager.credentials()).resolves.toHaveProperty('password');
});

function fail(): never {
  throw new Error('no access');
}

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
