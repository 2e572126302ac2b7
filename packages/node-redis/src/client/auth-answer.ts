import type { CredentialsListener } from './client-internals.ts';

/** A client does not look at the credentials when it is a RESP2 subscriber, where it sends no AUTH. */
export function wouldSendAuth(listener: CredentialsListener): boolean {
  let read = false;
  const stop = (): never => {
    read = true;
    throw new Error('Only asked whether AUTH would be sent');
  };
  const credentials = {
    get username(): string {
      return stop();
    },
    get password(): string {
      return stop();
    },
  };
  unheard(() => listener.onNext(credentials));
  return read;
}

/**
 * A client that was closed rejects an AUTH at once, with its `ClientClosedError`. An open one makes a promise to queue it by, which is stopped
 * here: `Promise` is replaced while `onNext` runs, which is synchronous. False where it is not known: of a RESP2 subscriber, which sends no
 * AUTH, and where `Promise` cannot be replaced.
 */
export function isClientClosed(listener: CredentialsListener | undefined): boolean {
  const { Promise: original } = globalThis;
  let closed = false;
  const reject = (reason: unknown): Promise<never> => {
    closed ||= reason instanceof Error && reason.constructor.name === 'ClientClosedError';
    return original.reject(reason);
  };
  const stopping = new Proxy(original, {
    construct: () => {
      throw new Error('Only asked whether the client is closed');
    },
    get: (target, name) => (name === 'reject' ? reject : (Reflect.get(target, name) as unknown)),
  });
  if (!Reflect.set(globalThis, 'Promise', stopping)) return false;
  try {
    unheard(() => listener?.onNext({ username: '', password: '' }));
  } finally {
    globalThis.Promise = original;
  }
  return closed;
}

/** Runs a question to a client, which would report its rejection to `onReAuthenticationError`: that may be a user's. */
function unheard(ask: () => unknown): void {
  const undo = replaceCatch((catchRejection) => (promise) => catchRejection.call(promise, () => undefined));
  try {
    ask();
  } finally {
    for (const stop of undo) stop?.();
  }
}

const intrinsic: object = Object.getPrototypeOf((async () => {})()) as object;

/**
 * `onNext` of node-redis is `(credentials) => { this.reAuthenticate(credentials).catch(report) }`: it returns nothing, so
 * whether and when the server accepted is not reported. The promise that it calls `catch` on, before it returns, is
 * that of the AUTH. `catch` is replaced only while `call` runs, which is synchronous: no other code can see it. Async
 * functions return intrinsic promises, whatever stands as the global one (zone.js, a promise library); compiled to an
 * older JavaScript, they return the global one. Where `catch` cannot be replaced (frozen intrinsics), the first promise
 * that is made is that of the AUTH. Our own listener, for 4.x, returns it.
 *
 * Returns undefined where it is not known.
 */
export function authAnswerOf(call: () => unknown): PromiseLike<unknown> | undefined {
  const caught: PromiseLike<unknown>[] = [];
  const made: PromiseLike<unknown>[] = [];
  const undo: ((() => void) | undefined)[] = replaceCatch(noting(caught));
  if (undo.includes(undefined)) undo.push(noteMade(made));
  try {
    const returned = call();
    return isThenable(returned) ? returned : (caught.at(-1) ?? made[0]);
  } finally {
    for (const stop of undo) stop?.();
  }
}

type Catch = (this: unknown, onRejected: unknown) => unknown;
type Replacement = (catchRejection: Catch) => (promise: PromiseLike<unknown>, onRejected: unknown) => unknown;

const noting =
  (caught: PromiseLike<unknown>[]): Replacement =>
  (catchRejection) =>
  (promise, onRejected) => {
    const count = caught.push(promise);
    const derived = catchRejection.call(promise, onRejected);
    // A library's promise may be made of others.
    caught.length = count;
    return derived;
  };

/** Of every promise that an async function may return. Answers how to undo each; undefined where it cannot be replaced. */
const replaceCatch = (replacement: Replacement): ((() => void) | undefined)[] =>
  [...new Set([intrinsic, Promise.prototype])].map((prototype) => {
    const original = Reflect.getOwnPropertyDescriptor(prototype, 'catch');
    if (typeof original?.value !== 'function') return undefined;
    const replaced = replacement(original.value as Catch);
    function value(this: PromiseLike<unknown>, onRejected: unknown): unknown {
      return replaced(this, onRejected);
    }
    if (!Reflect.defineProperty(prototype, 'catch', { ...original, value })) return undefined;
    return () => void Reflect.defineProperty(prototype, 'catch', original);
  });

function noteMade(made: PromiseLike<unknown>[]): () => void {
  const stop = process.getBuiltinModule('node:v8').promiseHooks.onInit((promise) => void made.push(promise));
  return () => void stop();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
