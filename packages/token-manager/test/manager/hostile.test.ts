import diagnostics from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import type { Token } from '../../src/index.ts';
import { logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { bench, minute, outcome, second } from '../support/bench.ts';

/** Code of others (providers, listeners, options, adapters) that behaves badly: it costs nobody but itself. */

const reasons: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an object without a prototype', Object.create(null)],
  ['an error whose message is a number', Object.assign(new Error('x'), { message: 7 })],
];
for (const [name, reason] of reasons) {
  test(`a provider that rejects with ${name} is a typed error and is asked again`, async () => {
    const { clock, provider, manager } = bench();
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others may do
    provider.script.push(() => Promise.reject(reason));
    await expect(manager.credentials()).rejects.toMatchObject({
      code: 'ERR_TOKEN_REQUEST_FAILED',
      message: expect.stringMatching(/^No token from the identity provider: it gave no reason\. /),
      cause: reason,
    });
    await clock.advance(2 * second);
    expect(manager.current).toBeDefined();
  });
}

test('a provider whose error throws while it is looked at is a typed error and is asked again', async () => {
  const { clock, provider, manager } = bench();
  const bug = (): never => {
    throw new Error('bug');
  };
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others may do
  provider.script.push(() => Promise.reject(Object.defineProperty(new Error(), 'message', { get: bug })));
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
  await clock.advance(2 * second);
  expect(manager.current).toBeDefined();
});

test('a listener and an adapter whose error throws while it is looked at cost nobody but themselves', async () => {
  const world = bench();
  const bug = (): never => {
    throw new Error('bug');
  };
  const unreadable = Object.defineProperties(new Error(), {
    message: { get: bug },
    name: { get: bug },
    stack: { get: bug },
  });
  const { connection } = await logIn(world);
  world.manager.subscribe(() => {
    throw unreadable;
  });
  connection.script.push(unreadable);
  await world.clock.advance(30 * minute);
  // Its warnings come in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.types()).toEqual(['token', 'token', 'reauthentication-failed', 'reauthenticated']);
  expect(world.of('reauthentication-failed')[0]?.error.message).toBe('AUTH got lost: it gave no reason');
  expect(connection.passwords.at(-1)).toBe(world.manager.current?.password);
});

test('a provider that rejects with a text is quoted', async () => {
  const { provider, manager } = bench();
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others may do
  provider.script.push(() => Promise.reject('out of order'));
  await expect(manager.credentials()).rejects.toThrow('No token from the identity provider: out of order. Check');
});

test('a provider that throws at once is no different from one that rejects', async () => {
  const { clock, provider, manager } = bench();
  provider.script.push(() => {
    throw new Error('at once');
  });
  await expect(manager.credentials()).rejects.toThrow('at once');
  await clock.advance(2 * second);
  expect(manager.current).toBeDefined();
});

test('an isRetryable that throws is not asked: the failure is transient, and the manager goes on', async () => {
  const isRetryable = (): boolean => {
    throw new Error('bug');
  };
  const { clock, manager, of } = bench({ script: [new Error('no route')] }, { retry: { isRetryable } });
  const first = outcome(manager.credentials());
  await clock.advance(0);
  expect(first.error?.code).toBe('ERR_TOKEN_REQUEST_FAILED');
  expect(of('failed')).toMatchObject([{ permanent: false }]);
  await clock.advance(2 * second);
  expect(manager.current).toBeDefined();
});

test('a username function that throws is a failed request', async () => {
  const username = (): string => {
    throw new Error('bug');
  };
  const { manager } = bench({}, { username });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
});

test('token/listener-throws (N16): a listener that throws or rejects with nothing stops nobody', async () => {
  const { clock, manager } = bench({ script: [new Error('no route')] });
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  manager.subscribe(() => {
    throw undefined; // oxlint-disable-line no-throw-literal, typescript/only-throw-error -- what others may do
  });
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others may do
  manager.subscribe(() => Promise.reject());
  const told: string[] = [];
  manager.subscribe(({ type }) => told.push(type));
  await manager.credentials().catch(() => undefined);
  await clock.advance(2 * second);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['failed', 'token']);
  expect(warnings).toEqual(
    ['failed', 'failed', 'token', 'token'].map(
      (type) => `A listener of '${type}' events threw: Error: it gave no reason`,
    ),
  );
});

test('a token whose fields are getters of a class is read like any other', async () => {
  const { clock, provider, manager } = bench({}, { username: 'me' });
  const expiresAt = clock.now() + minute;
  class Secret implements Token {
    readonly #value = 'hidden';
    get value(): string {
      return this.#value;
    }
    get expiresAt(): number {
      return expiresAt;
    }
    get obtainedAt(): number {
      return clock.now();
    }
  }
  provider.script.push(new Secret());
  expect(await manager.credentials()).toMatchObject({ username: 'me', password: 'hidden', expiresAt });
});

test('a provider that closes the manager when it is aborted: nothing is told after the close, on no channel', async () => {
  const { clock, provider, manager, events } = bench({ script: ['hang'] });
  const seen: unknown[] = [];
  const log = (message: unknown): void => void seen.push(message);
  diagnostics.subscribe('entra-redis:failed', log);
  onTestFinished(() => void diagnostics.unsubscribe('entra-redis:failed', log));
  const waiting = outcome(manager.credentials());
  await clock.advance(0);
  provider.requests[0]?.signal.addEventListener('abort', () => manager.close());
  await clock.advance(minute);
  expect(waiting.error?.code).toBe('ERR_MANAGER_CLOSED');
  expect([...events, ...seen]).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('a listener that closes the manager while credentials() notices a timeout: the call rejects like those that wait', async () => {
  const { clock, manager } = bench({ script: ['hang'] });
  const first = outcome(manager.credentials());
  clock.sleep(minute);
  manager.subscribe(() => manager.close());
  const late = outcome(manager.credentials());
  await clock.advance(0);
  expect(first.error?.code).toBe('ERR_TOKEN_REQUEST_TIMEOUT');
  expect(late.error?.code).toBe('ERR_MANAGER_CLOSED');
});

test('a listener that aborts the call while credentials() notices a timeout: the call rejects with the reason', async () => {
  const { clock, manager } = bench({ script: ['hang', 'hang'] });
  manager.credentials().catch(() => undefined);
  clock.sleep(minute);
  const abort = new AbortController();
  const reason = new Error('changed my mind');
  manager.subscribe(() => abort.abort(reason));
  const call = outcome(manager.credentials({ signal: abort.signal }));
  await clock.advance(0);
  expect(call.error).toBe(reason);
});

test('an adapter that throws the refusal at once is no different from one that rejects with it', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  let thrown = 0;
  const authenticate = connection.authenticate.bind(connection);
  connection.authenticate = (credentials) => {
    thrown += 1;
    if (thrown === 1) throw wrongPass();
    return authenticate(credentials);
  };
  await world.clock.advance(45 * minute);
  expect(world.of('refused')).toHaveLength(1);
  expect(world.of('token')).toHaveLength(3);
  expect(connection.passwords).toEqual([world.manager.current?.password]);
});

test('an adapter whose identity throws, and whose onDeadline rejects, costs nobody but itself', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  Object.defineProperty(connection, 'identity', {
    get: () => {
      throw new Error('bug');
    },
  });
  connection.script.push(timedOut());
  await world.clock.advance(45 * minute);
  expect(world.of('reauthentication-failed')).toMatchObject([{ connection: { client: 'unknown' } }]);
  expect(world.of('reauthenticated')).toMatchObject([{ connection: { client: 'unknown' } }]);
  connection.free = false;
  Object.assign(connection, { onDeadline: () => Promise.reject(new Error('bug')) });
  await world.clock.advance(60 * minute);
  await new Promise((resolve) => setImmediate(resolve));
});

test('an adapter that reports its socket gone while it is asked whether it is free gets no AUTH before its next login', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.canAuthenticate = () => {
    registration.disconnected();
    return false;
  };
  await world.clock.advance(42 * minute);
  connection.canAuthenticate = () => true;
  registration.resume();
  await world.clock.advance(minute);
  expect(connection.auths).toEqual([]);
});
