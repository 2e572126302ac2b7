import { createCertificateAuthority } from '@entra-redis/emulator';
import { startRedisServer } from '@entra-redis/redis-server';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import { ScriptedProvider, TestClock } from '@entra-redis/token-manager/testing';
import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { checkOptions, entraCredentials } from '../../src/index.ts';
import { title, type Version, versions } from '../support/clients.ts';
import { passTime } from '../support/world.ts';

/** This machine, by an address that is not on loopback: to a client it could be anywhere. */
const elsewhere = '0.0.0.0';
const lifetimeMs = 3_600_000;

interface TlsServers {
  readonly clock: TestClock;
  readonly identity: ScriptedProvider;
  readonly manager: TokenManager;
  readonly sentinelPort: number;
  readonly socket: { readonly tls: true; readonly ca: string };
}

/** A real server and a real sentinel that speak TLS alone. Whoever has a token of the manager gets in as its object id. */
async function start(): Promise<TlsServers> {
  const authority = await createCertificateAuthority();
  const tls = await authority.issue(['127.0.0.1', elsewhere]);
  const server = await startRedisServer({ tls });
  const sentinelConfig = `sentinel monitor primary ${server.host} ${server.port} 1\n`;
  const sentinel = await startRedisServer({ tls, sentinelConfig });
  const socket = { tls: true, ca: tls.ca } as const;
  const admin = await createClient({ socket: { host: server.host, port: server.port, ...socket } }).connect();
  const clock = new TestClock(Date.now());
  const identity = new ScriptedProvider(clock, { lifetimeMs });
  const manager = createTokenManager(
    {
      async requestToken(options) {
        const token = await identity.requestToken(options);
        await admin.aclSetUser(identity.objectId, ['on', `>${token.value}`, '~*', '+@all']);
        return token;
      },
    },
    { clock, refresh: { jitterRatio: 0 }, reauthWindowMs: 0 },
  );
  onTestFinished(async () => {
    manager.close();
    admin.destroy();
    await sentinel.close();
    await server.close();
  });
  return { clock, identity, manager, sentinelPort: sentinel.port, socket };
}

test.each(versions.map((version): [string, Version] => [title(version), version]))(
  'redis %s: connect/sentinel-tls: a login at the server that a sentinel names over TLS, and its next token',
  async (_name, { library, protocol }) => {
    const { clock, identity, manager, sentinelPort, socket } = await start();
    const options = {
      name: 'primary',
      sentinelRootNodes: [{ host: elsewhere, port: sentinelPort }],
      nodeClientOptions: { ...protocol, credentialsProvider: entraCredentials(manager), socket },
      sentinelClientOptions: { socket },
      ...protocol,
    };
    const client = library.createSentinel(checkOptions(options));
    client.on('error', () => undefined);
    onTestFinished(() => client.destroy());
    await client.connect();
    expect(await client.aclWhoAmI()).toBe(identity.objectId);
    const reauthenticated = new Promise<void>((resolve) => {
      manager.subscribe(({ type }) => {
        if (type === 'reauthenticated') resolve();
      });
    });
    await clock.advance(lifetimeMs * 0.7 + 1);
    await passTime(clock, reauthenticated);
    expect(await client.aclWhoAmI()).toBe(identity.objectId);
  },
);
