/** What the options allow to connect to may turn out to be another machine: the socket has the last word. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  commandsOf,
  eventOf,
  Identity,
  loginsOf,
  versions,
} from './support/world.ts';

const refusal = expect.objectContaining({ code: 'ERR_PLAIN_TEXT', message: expect.stringContaining('192.0.2.7') });

/** Every server that this process connects to from now on seems to be on another machine. */
function seemFarAway(): void {
  const move = (message: unknown): void => {
    Object.defineProperty((message as { socket: Socket }).socket, 'remoteAddress', { value: '192.0.2.7' });
  };
  subscribe('net.client.socket', move);
  onTestFinished(() => void unsubscribe('net.client.socket', move));
}

describe.each(versions)('$version', ({ module: { Cluster, Redis } }) => {
  test('connect/tls-required: sentinels on loopback name a master elsewhere: the token is not sent to it in plain text', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { sentinel: { masterName: 'primary' } });
    const sentinels = cache.sentinels.map(({ host, port }) => ({ host, port }));
    seemFarAway();
    const options = { sentinels, name: 'primary', retryStrategy: () => null };
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const error = eventOf(redis, 'error');
    await expect(redis.set('a', 'secret')).rejects.toEqual(refusal);
    expect(await error).toEqual([refusal]);
    expect(loginsOf(cache)).toEqual([]);
    expect(commandsOf(cache)).not.toContain('SET');
    const allowed = withEntra(identity.manager, options, { allowPlainText: true });
    expect(await closedAtEnd(new Redis(allowed)).set('a', '1')).toBe('OK');
  });

  test.each([{ enableReadyCheck: false }, { enableOfflineQueue: false }])(
    'connect/tls-required: nothing at all is sent, and each attempt says why, with %o',
    async (options) => {
      const identity = new Identity();
      const cache = await cacheFor(identity);
      seemFarAway();
      const attempts = [1, 1];
      const retryStrategy = (): number | undefined => attempts.shift();
      const redis = closedAtEnd(
        new Redis(withEntra(identity.manager, addressOf(cache, { ...options, retryStrategy }))),
      );
      const refusals: unknown[] = [];
      redis.on('error', (error: { code?: string }) => error.code === 'ERR_PLAIN_TEXT' && refusals.push(error));
      redis.set('a', 'secret').catch(() => {});
      await eventOf(redis, 'end');
      expect(refusals).toEqual([refusal, refusal, refusal]);
      expect(commandsOf(cache)).toEqual([]);
      expect(loginsOf(cache)).toEqual([]);
    },
  );

  test('connect/tls-required: a cluster node that turns out to be elsewhere is an error of the cluster', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    seemFarAway();
    const options = withEntra(identity.manager, { clusterRetryStrategy: () => null });
    const cluster = closedAtEnd(new Cluster([addressOf(cache)], options));
    const [error] = await eventOf(cluster, 'error');
    expect(error).toMatchObject({ lastNodeError: { code: 'ERR_PLAIN_TEXT' } });
    expect(loginsOf(cache)).toEqual([]);
  });
});
