import {
  type Connection,
  createTokenManager,
  type Credentials,
  type IdentityProvider,
} from '@entra-redis/token-manager';
import { makeJwt, TestClock } from '@entra-redis/token-manager/testing';

const lifetimeMs = 3_600_000;

const connectionOf = (authenticate: (credentials: Credentials) => Promise<void>): Connection => ({
  identity: { client: 'bench' },
  canAuthenticate: () => true,
  authenticate,
});

function providerOf(clock: TestClock): IdentityProvider {
  return {
    requestToken: async () => {
      const obtainedAt = clock.now();
      const expiresAt = obtainedAt + lifetimeMs;
      return { value: makeJwt({ oid: 'bench', exp: expiresAt / 1000, iat: obtainedAt / 1000 }), obtainedAt, expiresAt };
    },
  };
}

/** Microseconds for each of `connections` in one refresh on a virtual clock; `bare`: the loop over the callbacks alone. */
export async function reauthCost({ connections, bare }: { connections: number; bare: boolean }): Promise<number> {
  const clock = new TestClock();
  const manager = createTokenManager(providerOf(clock), { clock });
  let auths = 0;
  const callbacks = Array.from({ length: connections }, () =>
    connectionOf(async () => {
      auths += 1;
    }),
  );
  const first = await manager.credentials();
  if (bare) {
    const startedAt = performance.now();
    await Promise.all(callbacks.map((connection) => connection.authenticate(first)));
    return ((performance.now() - startedAt) * 1000) / connections;
  }
  for (const connection of callbacks) manager.register(connection).authenticated(first);
  const startedAt = performance.now();
  await clock.advance(lifetimeMs * 0.9);
  const tookMs = performance.now() - startedAt;
  if (auths !== connections) throw new Error(`${auths} AUTHs of ${connections} connections`);
  manager.close();
  return (tookMs * 1000) / connections;
}

/** Bytes of heap for each registered connection, without the adapter's own object. */
export async function registeredBytes({ connections }: { connections: number }): Promise<number> {
  const clock = new TestClock();
  const manager = createTokenManager(providerOf(clock), { clock });
  const first = await manager.credentials();
  const registered = Array.from({ length: connections }, () => connectionOf(async () => undefined));
  const kept = Array.from<unknown>({ length: connections });
  const before = heapUsed();
  for (const [index, connection] of registered.entries()) {
    const registration = manager.register(connection);
    registration.authenticated(first);
    kept[index] = registration;
  }
  const bytes = (heapUsed() - before) / connections;
  if (kept.length !== connections) throw new Error('the registrations were dropped');
  manager.close();
  return bytes;
}

export function heapUsed(): number {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
