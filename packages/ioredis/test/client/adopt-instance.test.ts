import { describe, expect, test, vi } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, commandsOf, Identity, loginsOf, versions } from '../support/world.ts';

describe.each(versions)('$version', ({ module: { Redis }, resp3 }) => {
  test('connect/auth-first: sendCommand was wrapped before the first connect, by a logger for one', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { lazyConnect: true }))));
    const log = vi.spyOn(redis, 'sendCommand');
    expect(await redis.set('a', '1')).toBe('OK');
    await identity.renewFor(1);
    expect(commandsOf(cache)).toEqual([resp3 ? 'HELLO' : 'AUTH', 'SET', 'AUTH']);
    expect(loginsOf(cache)).toHaveLength(2);
    expect(log.mock.calls.map(([command]) => command.name)).toContain('set');
  });
});
