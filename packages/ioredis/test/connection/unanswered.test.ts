import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { startCache } from '@entra-redis/emulator';
import { createTokenManager, type TokenEvent } from '@entra-redis/token-manager';
import { ScriptedProvider, TestClock } from '@entra-redis/token-manager/testing';
import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, closedAtEnd, commandsOf, eventOf, versions } from '../support/world.ts';

const hour = 3_600_000;

/** A cache that takes every token, a manager with a day's token and a clock that is moved by hand. */
async function world() {
  const clock = new TestClock(Date.now());
  const provider = new ScriptedProvider(clock, { lifetimeMs: 24 * hour });
  const manager = createTokenManager(provider, { clock, reauthWindowMs: 0 });
  const expiresAt = Date.now() + 48 * hour;
  const verify = (objectId: string) => Promise.resolve({ ok: true, objectId, expiresAt } as const);
  const cache = await startCache({ verifier: { verify } });
  const [told, announced]: [TokenEvent[], unknown[]] = [[], []];
  manager.subscribe((event) => told.push(event));
  const announce = (event: unknown): void => void announced.push(event);
  subscribe('entra-redis:planned-reconnect', announce);
  onTestFinished(async () => {
    unsubscribe('entra-redis:planned-reconnect', announce);
    manager.close();
    await cache.close();
  });
  /** To the renewal of the token, until its AUTH has reached the cache. */
  const renew = async (): Promise<void> => {
    const before = cache.timeline.entries.length;
    const [token] = told;
    await clock.advance(token?.type === 'token' ? token.refreshAt - clock.now() : 0);
    await until(() => cache.timeline.entries.slice(before).some(({ args }) => args?.[0] === 'auth'));
  };
  const failures = () => told.flatMap((event) => (event.type === 'reauthentication-failed' ? [event.error] : []));
  return { cache, clock, manager, renew, told, failures, announced };
}

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test.each([
    ['a command', ['SET', 'a', '1'], 'OK'],
    ['a blocking command', ['BLPOP', 'list', '0'], ['list', 'x']],
  ] as const)(
    'reauth/unanswered: an AUTH before %s that is never answered is told after 30 s, and its connection replaced',
    async (_what, [name, ...args], reply) => {
      const { cache, clock, manager, renew, failures, announced } = await world();
      const redis = closedAtEnd(new Redis(withEntra(manager, addressOf(cache))));
      await redis.rpush('list', 'x');
      cache.fault({ match: 'AUTH', action: { kind: 'hang' } });
      await renew();
      const answer = redis.call(name, ...args);
      const ready = eventOf(redis, 'ready');
      await clock.advance(31_000);
      expect(failures()).toMatchObject([
        { code: 'ERR_AUTH_FAILED', message: expect.stringContaining('no answer within 30 s') },
      ]);
      const connection = { client: 'ioredis', address: `${cache.host}:${cache.port}` };
      expect(announced).toEqual([{ connection, reason: 'unanswered' }]);
      await ready;
      expect(await answer).toEqual(reply);
      expect(commandsOf(cache).filter((each) => each === 'AUTH' || each === 'HELLO')).toHaveLength(3);
    },
  );

  test('reauth/blocked: an AUTH behind a blocking command is given its time', async () => {
    const { cache, clock, manager, renew, told, failures, announced } = await world();
    const redis = closedAtEnd(new Redis(withEntra(manager, addressOf(cache))));
    const other = closedAtEnd(redis.duplicate());
    await Promise.all([redis.ping(), other.ping()]);
    const item = redis.blpop('list', 0);
    await until(() => commandsOf(cache).includes('BLPOP'));
    await renew();
    await until(() => told.some(({ type }) => type === 'reauthenticated'));
    await clock.advance(hour);
    await other.rpush('list', 'x');
    expect(await item).toEqual(['list', 'x']);
    expect([failures(), announced]).toEqual([[], []]);
  });
});
