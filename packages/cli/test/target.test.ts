import { describe, expect, test } from 'vitest';
import { parseTarget } from '../src/target.ts';

describe('the port and the product follow from the host name', () => {
  test.each([
    ['my-cache.westeurope.redis.azure.net', 10_000, 'Azure Managed Redis', 'my-cache'],
    ['my-cache.redis.cache.windows.net', 6380, 'Azure Cache for Redis', 'my-cache'],
    ['my-cache.redis.cache.usgovcloudapi.net', 6380, 'Azure Cache for Redis', 'my-cache'],
    ['my-cache.usgovvirginia.redis.usgovcloudapi.net', 10_000, 'Azure Managed Redis', 'my-cache'],
    ['my-cache.chinanorth3.redis.chinacloudapi.cn', 10_000, 'Azure Managed Redis', 'my-cache'],
    ['my-cache.bleufrancecentral.redis.sovcloud-api.fr', 10_000, 'Azure Managed Redis', 'my-cache'],
    ['my-cache.delosgermany.redis.sovcloud-api.de', 10_000, 'Azure Managed Redis', 'my-cache'],
    ['MY-CACHE.Redis.Cache.Windows.Net:6379', 6379, 'Azure Cache for Redis', 'MY-CACHE'],
    ['my-cache.eastus.redisenterprise.cache.azure.net', 10_000, 'Azure Cache for Redis Enterprise', 'my-cache'],
    ['localhost', 6380, 'this machine', 'localhost'],
    ['[::1]:7000', 7000, 'this machine', '::1'],
    ['::1', 6380, 'this machine', '::1'],
    ['redis.example.com:6380', 6380, 'other', 'redis'],
    ['rediss://my-cache.westeurope.redis.azure.net:10000/', 10_000, 'Azure Managed Redis', 'my-cache'],
  ])('%s', (text, port, product, resource) => {
    expect(parseTarget(text)).toMatchObject({ port, product, resource });
  });
});

test('TLS everywhere but on this machine, where the server decides, unless asked for', () => {
  expect(parseTarget('my-cache.westeurope.redis.azure.net').transport).toBe('tls');
  expect(parseTarget('localhost').transport).toBe('either');
  expect(parseTarget('localhost', { tls: true }).transport).toBe('tls');
  expect(parseTarget('127.0.0.1', { plainText: true }).transport).toBe('plain text');
});

test.each(['app.localhost:6380', '127.9999.1.1:6380', '127.0.0.256:6380'])(
  '%s may resolve to another machine: TLS alone, as in the adapters',
  (text) => {
    expect(parseTarget(text)).toMatchObject({ product: 'other', transport: 'tls' });
    expect(() => parseTarget(text, { plainText: true })).toThrow(/--plain-text is for this machine only/);
  },
);

describe('what cannot work is refused, without quoting a secret', () => {
  test.each([
    ['redis.example.com', {}, /Which port\?.*redis\.example\.com:10000/],
    ['::2', {}, /Which port\?.*\[::2\]:10000/],
    ['', {}, /is not an address: give a host, or host:port/],
    ['host:99999', {}, /port from 1 to 65535/],
    ['https://host/path', {}, /is not an address: give a host, or host:port/],
    ['redis.example.com:1', { plainText: true }, /--plain-text is for this machine only/],
    ['localhost', { plainText: true, tls: true }, /exclude each other/],
  ])('%j %j', (text, options, message) => {
    expect(() => parseTarget(text, options)).toThrow(message);
  });

  test.each([
    'my.redis.cache.windows.net:6380,password=hunter2,ssl=True',
    'rediss://user:hunter2@host:1',
    'eyJhbGciOiJub25lIn0.hunter2.hunter2',
    'eyJhbGciOiJub25lIn0.hunter2.hunter2:10000',
  ])('%s', (text) => {
    expect(() => parseTarget(text)).toThrow(/^Give only host:port,(?!.*hunter2)/);
  });
});
