import { afterEach, expect, test } from 'vitest';
import { keepTime, keepTimeOf, until } from '../src/index.ts';

const realNow = performance.now.bind(performance);
const realMs = async (ms: number): Promise<void> => {
  const endAt = realNow() + ms;
  await until(() => realNow() >= endAt);
};

let stop = (): void => undefined;
afterEach(() => stop());

test('time goes on while a server answers, and stands still while it does not', async () => {
  const owing: (() => void)[] = [];
  let isHeld = false;
  const endTime = keepTime();
  const forget = keepTimeOf(() => (isHeld ? new Promise<void>((resolve) => owing.push(resolve)) : Promise.resolve()));
  stop = () => {
    forget();
    endTime();
  };
  const startedAt = Date.now();
  await until(() => Date.now() > startedAt + 50);
  isHeld = true;
  await until(() => owing.length > 0);
  const heldAt = Date.now();
  await realMs(200);
  expect(Date.now() - heldAt).toBeLessThanOrEqual(70);
  isHeld = false;
  owing[0]?.();
  await until(() => Date.now() > heldAt + 100);
});

test('a server that is gone, or that nobody asks any more, holds nothing up', async () => {
  stop = keepTime();
  const forget = [keepTimeOf(() => Promise.reject(new Error('gone'))), keepTimeOf(() => new Promise(() => undefined))];
  const startedAt = Date.now();
  forget[1]?.();
  await until(() => Date.now() > startedAt + 100);
  forget[0]?.();
  expect(Date.now() - startedAt).toBeGreaterThan(100);
});
