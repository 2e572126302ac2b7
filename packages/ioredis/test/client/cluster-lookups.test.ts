import { describe, expect, test, vi } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, holdToken, Identity, versions } from '../support/world.ts';

describe.each(versions)('$version', ({ module: { Cluster } }) => {
  test('connect/disconnect-while-waiting: a cluster is closed, another of the same options goes on waiting', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const token = holdToken(identity);
    const options = withEntra(identity.manager, { clusterRetryStrategy: () => null });
    const [closed, kept] = [0, 1].map(() =>
      closedAtEnd(new Cluster([addressOf(cache, { host: 'localhost' })], options)),
    );
    const answer = kept?.set('a', '1');
    await token.asked;
    closed?.disconnect();
    await eventOf(closed as never, 'end');
    token.answer();
    expect(await answer).toBe('OK');
  });

  test('connect/disconnect-while-waiting: options of a second copy of this package', async () => {
    withEntra(new Identity().manager, {});
    vi.resetModules();
    const second = await import('../../src/index.ts');
    expect(second.withEntra).not.toBe(withEntra);
    const identity = new Identity();
    const token = holdToken(identity);
    const dnsLookup = vi.fn<() => void>();
    const options = second.withEntra(identity.manager, { dnsLookup });
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], options));
    await token.asked;
    cluster.disconnect();
    await eventOf(cluster, 'end');
    expect(dnsLookup).not.toHaveBeenCalled();
  });

  test('connect/waits-for-first-token: a duplicate does not wrap the lookup of its cluster again', async () => {
    const identity = new Identity();
    const dnsLookup = vi.fn<() => void>();
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], withEntra(identity.manager, { dnsLookup })));
    const second = closedAtEnd(cluster.duplicate());
    expect(second.options.dnsLookup).toBe(cluster.options.dnsLookup);
    expect(cluster.options.dnsLookup).not.toBe(dnsLookup);
  });

  test('a cluster without our options fails by its own words for startup nodes that are none', async () => {
    withEntra(new Identity().manager, {});
    const lazy = { lazyConnect: true, clusterRetryStrategy: () => null };
    const none = closedAtEnd(new Cluster(undefined as never, lazy));
    await expect(none.connect()).rejects.toThrow('should contain at least one node');
    // To ioredis, `null` is the server on this machine's usual port.
    const usual = closedAtEnd(new Cluster([null as never], { ...lazy, redisOptions: { lazyConnect: true } }));
    usual.connect().catch(() => {});
    const [node] = await eventOf(usual, '+node');
    expect(node).toMatchObject({ options: { host: '127.0.0.1', port: 6379 } });
  });
});
