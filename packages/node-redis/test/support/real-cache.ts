import { createCertificateAuthority, type EntraServer, type Gate, startEntra, startGate } from '@entra-redis/emulator';
import { startRedisServer } from '@entra-redis/redis-server';
import { clockOfTests } from '@entra-redis/test-support';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';

/** A real redis-server behind a gate that wants tokens, over TLS, and cuts a connection when its token expires. */
export interface RealCache extends AsyncDisposable {
  readonly gate: Gate;
  readonly entra: EntraServer;
  /** Options for `socket`. */
  readonly socket: object;
  createManager(): TokenManager;
  /** Connections that were cut because their token expired. */
  expired(): number;
}

export async function startRealCache(lifetimeMs: number): Promise<RealCache> {
  const upstream = await startRedisServer();
  const entra = await startEntra({ lifetimeMs });
  const authority = await createCertificateAuthority();
  const tls = await authority.issue(['localhost']);
  const gate = await startGate({ verifier: entra.verifier, upstream, tls });
  return {
    gate,
    entra,
    socket: { host: gate.host, port: gate.port, tls: true, ca: authority.ca, servername: 'localhost' },
    createManager: () =>
      createTokenManager(
        {
          async requestToken() {
            const { value, expiresAt } = await entra.issueToken({ lifetimeMs });
            return { value, expiresAt, obtainedAt: Date.now() };
          },
        },
        { clock: clockOfTests() },
      ),
    expired: () => gate.timeline.entries.filter(({ event }) => event === 'expired').length,
    async [Symbol.asyncDispose]() {
      await gate.close();
      await entra.close();
      await upstream.close();
    },
  };
}
