import { expect, test } from 'vitest';
import { authAnswerOf, isClientClosed } from '../../src/client/auth-answer.ts';

const descriptor = (): PropertyDescriptor | undefined => Reflect.getOwnPropertyDescriptor(Promise.prototype, 'catch');

test('the promise that the client catches is seen, and its own handler is called all the same', async () => {
  const failed = Promise.reject(new Error('refused'));
  const heard = new Promise((resolve) => {
    expect(authAnswerOf(() => void failed.catch(resolve))).toBe(failed);
  });
  expect(await heard).toMatchObject({ message: 'refused' });
});

test('of several, the last one is the AUTH; without any there is none', async () => {
  const [first, last] = [Promise.resolve(1), Promise.resolve(2)];
  const caught = authAnswerOf(() => {
    void first.catch(() => undefined);
    void last.catch(() => undefined);
  });
  expect(await caught).toBe(2);
  expect(authAnswerOf(() => undefined)).toBeUndefined();
});

test('no other code meets what was put in place of Promise.prototype.catch, also where the client throws', () => {
  const before = descriptor();
  let during: PropertyDescriptor | undefined;
  void authAnswerOf(() => {
    during = descriptor();
  });
  expect(during).not.toEqual(before);
  expect(descriptor()).toEqual(before);
  const throws = (): never => {
    throw new Error('the client broke');
  };
  expect(() => authAnswerOf(throws)).toThrow('the client broke');
  expect(descriptor()).toEqual(before);
});

test('asking an open client whether it is closed queues and reports nothing, and leaves Promise as it was', async () => {
  const before = globalThis.Promise;
  const queue: unknown[] = [];
  const errors: unknown[] = [];
  const send = async (): Promise<void> => {
    await new Promise((resolve) => queue.push(resolve));
  };
  const listener = { onNext: (): void => void send().catch((error) => errors.push(error)), onError: (): void => {} };
  expect(isClientClosed(listener)).toBe(false);
  expect(globalThis.Promise).toBe(before);
  await before.resolve();
  expect(queue).toEqual([]);
  expect(errors).toEqual([]);
});
