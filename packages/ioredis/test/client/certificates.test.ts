import { createCertificateAuthority } from '@entra-redis/emulator';
import { describe, expect, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity, loginsOf, versions } from '../support/world.ts';

type Authority = Awaited<ReturnType<typeof createCertificateAuthority>>;

/** A cluster that announces addresses, whose nodes all show a certificate for these names. */
async function clusterWith(names: string[], identity: Identity, authority?: Authority) {
  authority ??= await createCertificateAuthority();
  const tls = await authority.issue(names);
  const cache = await cacheFor(identity, { tls, cluster: { masters: 2, announceHost: '127.0.0.1' } });
  return { cache, ca: authority.ca, authority };
}

describe.each(versions)('$version', ({ module: { Cluster, Redis } }) => {
  const optionsFor = (identity: Identity, ca: string) =>
    withEntra(identity.manager, {
      redisOptions: { tls: { ca } },
      clusterRetryStrategy: () => null,
      slotsRefreshTimeout: 5000,
      dnsLookup: (_host, done) => done(null, '127.0.0.1'),
    });

  test('connect/tls-node-addresses: nodes with certificates for their addresses are accepted', async () => {
    const identity = new Identity();
    const { cache, ca } = await clusterWith(['127.0.0.1'], identity);
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'cache.example' })], optionsFor(identity, ca)));
    await Promise.all(['a', 'b', 'foo'].map((key) => cluster.set(key, key)));
    await cluster.subscribe('news');
    await identity.renewFor(3);
    expect(cache.connections).toHaveLength(3);
  });

  test('connect/tls-node-addresses: a certificate for neither the address nor the name is refused', async () => {
    const identity = new Identity();
    const { cache, ca } = await clusterWith(['other.example', '127.0.0.9'], identity);
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'cache.example' })], optionsFor(identity, ca)));
    const [error] = await eventOf(cluster, 'error');
    expect(error).toHaveProperty('lastNodeError');
    expect(loginsOf(cache)).toEqual([]);
  });

  test('connect/tls-node-addresses: the same options for two clusters do not mix their names', async () => {
    const identity = new Identity();
    const one = await clusterWith(['one.example'], identity);
    const two = await clusterWith(['two.example'], identity, one.authority);
    const options = optionsFor(identity, one.ca);
    const first = closedAtEnd(new Cluster([addressOf(one.cache, { host: 'one.example' })], options));
    const second = closedAtEnd(new Cluster([addressOf(two.cache, { host: 'two.example' })], options));
    expect(await Promise.all([first.set('a', '1'), second.set('a', '1')])).toEqual(['OK', 'OK']);
    const logins = loginsOf(two.cache).length;
    const mistaken = closedAtEnd(new Cluster([addressOf(two.cache, { host: 'one.example' })], options));
    const [error] = await eventOf(mistaken, 'error');
    expect(error).toHaveProperty('lastNodeError');
    expect(loginsOf(two.cache)).toHaveLength(logins);
  });

  test('connect/tls-node-addresses: a server name, or a check, that the user gave is kept', async () => {
    const identity = new Identity();
    const { cache, ca } = await clusterWith(['given.example'], identity);
    const checked: string[] = [];
    const checkServerIdentity = (host: string): undefined => void checked.push(host);
    for (const own of [{ servername: 'given.example' }, { checkServerIdentity }]) {
      const options = withEntra(identity.manager, {
        redisOptions: { tls: { ca, ...own } },
        dnsLookup: (_host, done) => done(null, '127.0.0.1'),
      });
      const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'cache.example' })], options));
      expect(await cluster.set('a', '1')).toBe('OK');
    }
    expect(new Set(checked)).toEqual(new Set(['cache.example']));
  });

  test('connect/tls-required: one server by its address is checked by it, whatever clusters the options were used for', async () => {
    const identity = new Identity();
    const { cache, ca } = await clusterWith(['cache.example'], identity);
    const options = withEntra(identity.manager, {
      tls: { ca },
      redisOptions: { tls: { ca } },
      dnsLookup: (_host: string, done: (error: null, address: string) => void) => done(null, '127.0.0.1'),
    });
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'cache.example' })], options));
    expect(await cluster.set('a', '1')).toBe('OK');
    const redis = closedAtEnd(new Redis({ ...options, ...addressOf(cache), retryStrategy: () => null }));
    const [error] = await eventOf(redis, 'error');
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});
