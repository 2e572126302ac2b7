import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handOver } from '../src/index.ts';
import { nextTurn, wait } from '../src/timers.ts';
import { versions } from './support/clients.ts';
import { title, World } from './support/world.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('where an application’s tests fake every timer', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'setImmediate', 'clearImmediate', 'Date'],
    });
    const timers = process.getBuiltinModule('node:timers/promises');
    vi.spyOn(timers, 'setTimeout').mockReturnValue(new Promise(() => undefined));
    vi.spyOn(process.getBuiltinModule('node:timers'), 'setImmediate').mockReturnValue(undefined as never);
  });

  test('a turn of the event loop passes all the same', async () => {
    await expect(nextTurn()).resolves.toBeUndefined();
  });

  test('the limit of a hand-over passes all the same', async () => {
    await expect(wait(1)).resolves.toBeUndefined();
  });
});

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('first login, renewal and hand-over need no timer that can be faked', async () => {
    const world = await World.start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    const issue = world.holdToken();
    const client = world.client(version);
    const connected = client.connect();
    issue();
    await connected;
    await world.renewFor();
    await client.subscribe('news', () => undefined);
    await handOver(client);
    await client.unsubscribe('news');
    await world.renewFor();
    expect(world.errors).toEqual([]);
  });
});
