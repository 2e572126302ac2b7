import { createCertificateAuthority } from '@entra-redis/emulator';
import { startRedisServer } from '@entra-redis/redis-server';
import * as ioredis from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { closedAtEnd, eventOf, Identity, objectId, versions } from '../support/world.ts';

/** This machine, by an address that is not on loopback: to a client it could be anywhere. */
const elsewhere = '0.0.0.0';

/** A real server and a real sentinel that speak TLS alone. Whoever has a token of the identity gets in as its object id. */
async function start(identity: Identity): Promise<{ ca: string; sentinels: { host: string; port: number }[] }> {
  const authority = await createCertificateAuthority();
  const tls = await authority.issue(['127.0.0.1', elsewhere]);
  const server = await startRedisServer({ tls });
  const sentinelConfig = `sentinel monitor primary ${server.host} ${server.port} 1\n`;
  const sentinel = await startRedisServer({ tls, sentinelConfig });
  const admin = new ioredis.Redis({ host: server.host, port: server.port, tls: { ca: tls.ca } });
  onTestFinished(async () => {
    admin.disconnect();
    await sentinel.close();
    await server.close();
  });
  identity.instead = async () => {
    const token = identity.issue();
    await admin.call('ACL', 'SETUSER', objectId, 'on', `>${token.value}`, '~*', '+@all');
    return token;
  };
  return { ca: tls.ca, sentinels: [{ host: elsewhere, port: sentinel.port }] };
}

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test('connect/sentinel-tls: a login at the server that a sentinel names over TLS, and its next token', async () => {
    const identity = new Identity();
    const { ca, sentinels } = await start(identity);
    const tls = { tls: { ca }, sentinelTLS: { ca }, enableTLSForSentinelMode: true };
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, { sentinels, name: 'primary', ...tls })));
    expect(await redis.call('ACL', 'WHOAMI')).toBe(objectId);
    await identity.renewFor(1);
    expect(identity.tokens).toHaveLength(2);
    expect(await redis.call('ACL', 'WHOAMI')).toBe(objectId);
  });

  test('connect/sentinel-tls: a sentinel whose certificate is not trusted is believed nothing', async () => {
    const identity = new Identity();
    const { ca, sentinels } = await start(identity);
    const redis = closedAtEnd(
      // TLS to the sentinels is turned on by the adapter.
      new Redis(
        withEntra(identity.manager, { sentinels, name: 'primary', tls: { ca }, enableTLSForSentinelMode: true }),
      ),
    );
    const [error] = await eventOf(redis, 'error');
    expect(String(error)).toMatch(/All sentinels are unreachable/);
  });
});
