import { X509Certificate } from 'node:crypto';
import { until } from '@entra-redis/test-support';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { expect, it } from 'vitest';
import { startCache } from '../../src/cache/start-cache.ts';
import { createCertificateAuthority } from '../../src/tls/certificates.ts';
import { passwords } from './helpers.ts';

it('a certificate lasts longer than an emulator runs, and macOS accepts it', async () => {
  const { cert } = await (await createCertificateAuthority()).issue(['localhost']);
  const { validFromDate, validToDate } = new X509Certificate(cert);
  const days = (Number(validToDate) - Number(validFromDate)) / 86_400_000;
  expect(days).toBeGreaterThan(300);
  expect(days).toBeLessThan(825);
});

it('a cache with a certificate speaks TLS, and leaves no socket behind', async () => {
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => /^(TCP|TLS)/.test(kind)).length;
  const before = sockets();
  const authority = await createCertificateAuthority();
  const cache = await startCache({ verifier: passwords, tls: await authority.issue(['localhost', '127.0.0.1']) });
  const tls = { ca: cache.tls?.ca ?? '' };
  const redis = new Redis({ port: cache.port, host: 'localhost', username: 'user', password: 'secret', tls });
  expect(await redis.set('a', '1')).toBe('OK');
  const client = createClient({
    username: 'user',
    password: 'secret',
    socket: { port: cache.port, host: 'localhost', tls: true, ...tls },
  });
  await client.connect();
  expect(await client.get('a')).toBe('1');
  redis.disconnect();
  client.destroy();
  await cache.close();
  await until(() => sockets() === before);
});
