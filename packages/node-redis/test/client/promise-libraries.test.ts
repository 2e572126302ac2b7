import { afterEach, describe, expect, test, vi } from 'vitest';
import { authAnswerOf } from '../../src/client/auth-answer.ts';
import { title, versions } from '../support/clients.ts';
import { loseOneAuth } from '../support/lost-auth.ts';
import { World } from '../support/world.ts';

const Intrinsic = Promise;

/** Stands where zone.js puts its own: not a subclass, and with a `catch` of its own. */
class LibraryPromise<T> implements PromiseLike<T> {
  readonly #inner: Promise<T>;
  constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
    this.#inner = new Intrinsic(executor);
  }
  // oxlint-disable-next-line unicorn/no-thenable -- it is one
  then: Promise<T>['then'] = (...handlers) => this.#inner.then(...handlers);
  catch(onRejected: (reason: unknown) => unknown): unknown {
    return this.#inner.catch(onRejected);
  }
  static resolve<T>(value: T): LibraryPromise<Awaited<T>> {
    return new LibraryPromise((resolve) => resolve(value as Awaited<T>));
  }
  static all = Intrinsic.all.bind(Intrinsic);
  static race = Intrinsic.race.bind(Intrinsic);
  static allSettled = Intrinsic.allSettled.bind(Intrinsic);
  static reject<T>(reason: unknown): LibraryPromise<T> {
    return new LibraryPromise((_resolve, reject) => reject(reason));
  }
}

const install = (): void => void vi.stubGlobal('Promise', LibraryPromise);
afterEach(() => void vi.unstubAllGlobals());

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/lost: another Promise is installed globally', async () => {
    const world = await World.start();
    install();
    expect(await loseOneAuth(world, () => world.connected(version))).toEqual([1, 2]);
  });
});

test('an AUTH of a client whose async functions were compiled to the global Promise is seen', async () => {
  install();
  const failed = new Promise((_resolve, reject) => reject(new Error('refused')));
  const seen = authAnswerOf(() => void failed.catch(() => undefined));
  expect(seen).toBe(failed);
});

test('what is put in place is gone again, from the intrinsic and from the global', () => {
  install();
  const methods = (): unknown[] =>
    [Intrinsic.prototype, Promise.prototype].map((prototype) => Reflect.get(prototype, 'catch') as unknown);
  const before = methods();
  void authAnswerOf(() => {
    for (const [index, method] of methods().entries()) expect(method).not.toBe(before[index]);
  });
  expect(methods()).toEqual(before);
});
