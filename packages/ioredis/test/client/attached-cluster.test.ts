/** In a file of its own: nothing here has been found by `withEntra` before. */
import { describe, expect, test, vi } from 'vitest';
import { attach } from '../../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  eventOf,
  holdToken,
  Identity,
  loginsOf,
  versions,
} from '../support/world.ts';

const lazy = { lazyConnect: true, clusterRetryStrategy: () => null };

describe.each(versions)('$version', ({ module: { Cluster } }) => {
  test('attach: the duplicate of a cluster that never connected logs in', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const cluster = closedAtEnd(new Cluster([addressOf(cache)], lazy));
    attach(identity.manager, cluster);
    const duplicate = closedAtEnd(cluster.duplicate());
    expect(await duplicate.set('a', '1')).toBe('OK');
    expect(cache.timeline.entries.filter(({ event }) => event === 'refused')).toEqual([]);
    await identity.renewFor(1);
    expect(new Set(loginsOf(cache).map(({ token }) => token)).size).toBe(2);
  });

  test('attach: a cluster that is attached again has no further listeners', () => {
    const { manager } = new Identity();
    const cluster = closedAtEnd(new Cluster([{ host: 'localhost', port: 1 }], lazy));
    attach(manager, cluster);
    const once = cluster.listenerCount('+node');
    attach(manager, cluster);
    expect(cluster.listenerCount('+node')).toBe(once);
  });

  test('attach: connect/tls-required: nodes of a cluster and of its duplicate are encrypted, by the name of the host', async () => {
    const { manager } = new Identity();
    const dnsLookup = (_host: string, done: (error: null, address: string) => void): void => done(null, '192.0.2.1');
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example', port: 1 }], { ...lazy, dnsLookup }));
    attach(manager, cluster);
    for (const each of [cluster, closedAtEnd(cluster.duplicate())]) {
      const added = eventOf(each, '+node');
      each.connect().catch(() => {});
      const [node] = await added;
      expect(node).toHaveProperty('options.tls.servername', 'cache.example');
      each.disconnect();
    }
  });

  test('attach: connect/tls-required: a node whose TLS was turned off is an error of the cluster', async () => {
    const options = { ...lazy, redisOptions: { tls: null as never } };
    const cluster = closedAtEnd(new Cluster([{ host: '192.0.2.1', port: 1 }], options));
    attach(new Identity().manager, cluster);
    const error = eventOf(cluster, 'error');
    await expect(cluster.connect()).rejects.toThrow('startup nodes');
    expect(await error).toMatchObject([{ lastNodeError: { code: 'ERR_PLAIN_TEXT' } }]);
  });

  test('attach: connect/tls-required: a node elsewhere, of a cluster whose TLS was turned off, is an error of that node', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1, announceHost: '192.0.2.1' } });
    const options = { ...lazy, redisOptions: { tls: null as never } };
    const cluster = closedAtEnd(new Cluster([addressOf(cache)], options));
    attach(identity.manager, cluster);
    const error = eventOf(cluster, 'node error');
    cluster.connect().catch(() => {});
    expect(await error).toMatchObject([{ code: 'ERR_PLAIN_TEXT' }, `192.0.2.1:${cache.port}`]);
  });

  test('attach: topology/cluster-root-only: the password of a startup node is an error of the cluster', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { password: 'access key' })], lazy));
    attach(identity.manager, cluster);
    const error = eventOf(cluster, 'error');
    await expect(cluster.connect()).rejects.toThrow('startup nodes');
    expect(await error).toMatchObject([{ lastNodeError: { code: 'ERR_INVALID_OPTION' } }]);
    expect(loginsOf(cache)).toEqual([]);
  });

  test('attach: connect/disconnect-while-waiting: a cluster that is closed waits no longer, and looks nothing up', async () => {
    const identity = new Identity();
    const { asked } = holdToken(identity);
    const dnsLookup = vi.fn<() => void>();
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], { ...lazy, dnsLookup }));
    attach(identity.manager, cluster);
    cluster.connect().catch(() => {});
    await asked;
    cluster.disconnect();
    await eventOf(cluster, 'end');
    expect(dnsLookup).not.toHaveBeenCalled();
  });

  test('attach: an access key in the options of a cluster that never connected is named, and nothing is changed', () => {
    const cluster = closedAtEnd(
      new Cluster([{ host: 'localhost' }], { ...lazy, redisOptions: { password: 'access key' } }),
    );
    const { dnsLookup } = cluster.options;
    expect(() => attach(new Identity().manager, cluster)).toThrow('options.password');
    expect(cluster.options).toMatchObject({ dnsLookup, redisOptions: { password: 'access key' } });
  });

  test('attach: a cluster that is attached already may be attached again', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'localhost' })], lazy));
    attach(identity.manager, cluster);
    attach(identity.manager, cluster);
    expect(await cluster.set('a', '1')).toBe('OK');
    attach(identity.manager, cluster);
    expect(await cluster.get('a')).toBe('1');
  });
});
