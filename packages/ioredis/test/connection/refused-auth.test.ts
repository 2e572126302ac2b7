import { describe, expect, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, commandsOf, eventOf, Identity, versions } from '../support/world.ts';

const refusal = { kind: 'error', message: 'WRONGPASS invalid username-password pair' } as const;

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test.each([1, 2, true] as const)(
    'reauth/refused: a refusal counts where reconnectOnError returns %s, in the handshake and on a live connection',
    async (verdict) => {
      const identity = new Identity();
      const cache = await cacheFor(identity);
      const asked: string[] = [];
      const reconnectOnError = ({ message }: Error): typeof verdict | false => {
        asked.push(message);
        return message.startsWith('WRONGPASS') ? verdict : false;
      };
      const told: string[] = [];
      identity.manager.subscribe(({ type }) => told.push(type));
      cache.fault({ match: ['AUTH', 'HELLO'], action: refusal });
      const options = addressOf(cache, { retryStrategy: () => 1, reconnectOnError, maxRetriesPerRequest: null });
      const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
      await eventOf(redis, 'ready');
      expect(told).toEqual(['token', 'refused', 'token']);
      expect(new Set(identity.tokens.map(({ value }) => value)).size).toBe(2);

      cache.fault({ match: 'AUTH', action: refusal });
      const taken = identity.reauthenticated(1);
      await identity.renewFor(0);
      await taken;
      expect(told.slice(3)).toEqual(['token', 'refused', 'token', 'reauthenticated']);
      expect(await redis.ping()).toBe('PONG');
      expect(commandsOf(cache).filter((name) => name === 'AUTH' || name === 'HELLO')).toHaveLength(4);
      // It is asked of the commands of the user all the same.
      await expect(redis.call('NO-SUCH-COMMAND')).rejects.toThrow('unknown command');
      expect(asked.filter((message) => message.startsWith('WRONGPASS'))).toEqual([]);
      expect(asked.some((message) => message.includes('unknown command'))).toBe(true);
    },
  );
});
