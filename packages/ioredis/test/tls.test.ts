import { createCertificateAuthority } from '@entra-redis/emulator';
import { describe, expect, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity, versions } from './support/world.ts';

describe.each(versions)('$version', ({ module: { Cluster, Redis } }) => {
  const lazy = { lazyConnect: true };
  const tlsOf = (options: object, entra?: { allowPlainText?: boolean }): unknown =>
    new Redis(withEntra(new Identity().manager, { ...lazy, ...options }, entra)).options.tls;

  test('connect/tls-required: TLS is on, with the host as server name, outside of loopback', () => {
    expect(tlsOf({ host: 'cache.example' })).toEqual({ servername: 'cache.example' });
    expect(tlsOf({ host: 'cache.example', tls: { ca: 'x' } })).toEqual({ servername: 'cache.example', ca: 'x' });
    expect(tlsOf({ host: 'cache.example', tls: { servername: 'other' } })).toEqual({ servername: 'other' });
    expect(tlsOf({ host: '10.0.0.1' })).toEqual({});
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) expect(tlsOf({ host })).toBeUndefined();
    expect(tlsOf({ path: '/run/redis.sock' })).toBeUndefined();
    const { manager } = new Identity();
    expect(new Redis('rediss://cache.example', withEntra(manager, lazy)).options.tls).toEqual({
      servername: 'cache.example',
    });
  });

  test('connect/tls-required: plain text outside of loopback is refused unless asked for', () => {
    const plain = { host: 'cache.example', tls: null as never };
    expect(() => tlsOf(plain)).toThrow(expect.objectContaining({ code: 'ERR_PLAIN_TEXT' }));
    expect(() => tlsOf(plain)).toThrow('cache.example');
    expect(tlsOf(plain, { allowPlainText: true })).toBeNull();
    expect(tlsOf({ host: 'cache.example' }, { allowPlainText: true })).toBeUndefined();
  });

  test('connect/tls-required: sentinels outside of loopback get TLS for the master as well', () => {
    const sentinels = [{ host: 'sentinel.example' }];
    const { manager } = new Identity();
    const { options } = new Redis(withEntra(manager, { ...lazy, sentinels, name: 'primary' }));
    expect(options).toMatchObject({ tls: {}, enableTLSForSentinelMode: true });
    expect(() => tlsOf({ sentinels, name: 'primary', tls: {} })).toThrow('enableTLSForSentinelMode');
  });

  test('connect/tls-required: sentinels outside of loopback are asked over TLS, or not at all', () => {
    const sentinels = [{ host: 'localhost' }, { host: 'sentinel.example' }];
    const { manager } = new Identity();
    const sentinelTlsOf = (options: object, entra?: { allowPlainText?: boolean }): unknown =>
      new Redis(withEntra(manager, { ...lazy, sentinels, name: 'primary', ...options }, entra)).options.sentinelTLS;
    expect(sentinelTlsOf({})).toEqual({});
    expect(sentinelTlsOf({ sentinelTLS: { ca: 'x' } })).toEqual({ ca: 'x' });
    expect(() => sentinelTlsOf({ sentinelTLS: null })).toThrow(
      expect.objectContaining({ code: 'ERR_PLAIN_TEXT', message: expect.stringContaining('sentinel.example') }),
    );
    expect(sentinelTlsOf({}, { allowPlainText: true })).toBeUndefined();
    expect(sentinelTlsOf({ sentinels: [{ host: 'localhost' }] })).toBeUndefined();
  });

  test('connect/tls-required: a duplicate for another host has its own server name', () => {
    const redis = new Redis(withEntra(new Identity().manager, { ...lazy, host: 'one.example' }));
    expect(redis.duplicate({ host: 'two.example' }).options.tls).toEqual({ servername: 'two.example' });
    expect(redis.duplicate({ host: 'one.example' }).options.tls).toEqual({ servername: 'one.example' });
  });

  test('connect/tls-required: a cluster node in plain text is an error of the cluster', async () => {
    const options = withEntra(new Identity().manager, {
      clusterRetryStrategy: () => null,
      redisOptions: { tls: null as never },
    });
    const cluster = closedAtEnd(new Cluster([{ host: '192.0.2.1', port: 1 }], options));
    const [error] = await eventOf(cluster, 'error');
    expect(error).toMatchObject({ lastNodeError: { code: 'ERR_PLAIN_TEXT' } });
  });

  test('connect/no-userinfo: user name or password in the URL, the options or an override are typed errors', () => {
    const { manager } = new Identity();
    const userInfo = expect.objectContaining({ code: 'ERR_USERINFO_IN_URL' });
    const invalid = expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('password'),
    });
    expect(() => new Redis('redis://:key@localhost', withEntra(manager, lazy))).toThrow(userInfo);
    for (const url of [
      'rediss://user:key@cache.example',
      'rediss://:key@cache.example',
      'rediss://user@cache.example',
    ]) {
      expect(() => withEntra(manager, { url })).toThrow(userInfo);
    }
    for (const url of ['rediss://cache.example', 'cache.example', undefined]) {
      expect(() => withEntra(manager, { url })).not.toThrow();
    }
    expect(() => withEntra(manager, { password: 'key' })).toThrow(invalid);
    expect(() => withEntra(manager, { redisOptions: { password: 'key' } })).toThrow(invalid);
    const redis = new Redis(withEntra(manager, lazy));
    expect(() => redis.duplicate({ password: 'key' })).toThrow(userInfo);
    expect(() => redis.duplicate({ username: 'bob' })).toThrow(userInfo);
    expect(() => withEntra({} as never, {})).toThrow('manager');
  });

  test('connect/tls-node-addresses: nodes that announce addresses are verified against the host name', async () => {
    const identity = new Identity();
    const authority = await createCertificateAuthority();
    const tls = await authority.issue(['cache.example']);
    const cache = await cacheFor(identity, { tls, cluster: { masters: 2, announceHost: '127.0.0.1' } });
    const options = withEntra(identity.manager, {
      redisOptions: { tls: { ca: authority.ca } },
      dnsLookup: (_host, done) => done(null, '127.0.0.1'),
    });
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { host: 'cache.example' })], options));
    await Promise.all(['a', 'b', 'foo'].map((key) => cluster.set(key, key)));
    await cluster.subscribe('news');
    await identity.renewFor(3);
    expect(cache.connections).toHaveLength(3);
  });

  test('connect/tls-node-addresses: a certificate for another name is refused', async () => {
    const identity = new Identity();
    const authority = await createCertificateAuthority();
    const cache = await cacheFor(identity, { tls: await authority.issue(['cache.example']) });
    const options = addressOf(cache, { tls: { ca: authority.ca }, retryStrategy: () => null });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const [error] = await eventOf(redis, 'error');
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});
