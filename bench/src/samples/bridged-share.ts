import { EventEmitter } from 'node:events';
import { mock } from 'node:test';
import { createTokenManager, type IdentityProvider, type Token } from '@entra-redis/token-manager';
import { makeJwt, TestClock } from '@entra-redis/token-manager/testing';
import { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } from '@redis/entraid';
import { importFromSuite } from './drivers.ts';

export type Bridging = 'ours' | '@redis/entraid' | 'the ioredis recipe';

const lifeMs = 3_600_000;
const second = 1000;

/** One connection whose tokens come from `provider`, on a virtual clock. */
interface Simulation {
  now(): number;
  /** `onAuth`: the connection has authenticated with a token that lives until then. */
  start(provider: IdentityProvider, onAuth: (expiresAt: number) => void): Promise<void>;
  advance(ms: number): Promise<void>;
  end(): void;
}

function ours(random: number): Simulation {
  const clock = new TestClock();
  clock.randomValue = () => random;
  let close = (): void => undefined;
  return {
    now: () => clock.now(),
    async start(provider, onAuth) {
      const manager = createTokenManager(provider, { clock });
      close = () => manager.close();
      const first = await manager.credentials();
      onAuth(first.expiresAt);
      const registration = manager.register({
        identity: { client: 'bench' },
        canAuthenticate: () => true,
        authenticate: async ({ expiresAt }) => onAuth(expiresAt),
      });
      registration.authenticated(first);
    },
    advance: (ms) => clock.advance(ms),
    end: () => close(),
  };
}

const expiryOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp * second;

/** The peers take their time from the process. */
function onMockedTimers(start: Simulation['start']): Simulation {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
  return {
    now: () => Date.now(),
    start,
    async advance(ms) {
      const stepMs = 250;
      for (let done = 0; done < ms; done += stepMs) {
        mock.timers.tick(stepMs);
        await new Promise(setImmediate);
      }
    },
    end: () => mock.timers.reset(),
  };
}

const entraid = (): Simulation =>
  onMockedTimers(async (provider, onAuth) => {
    const { signal } = new AbortController();
    const credentials = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
      credential: {
        getToken: async () => {
          const { value: token, expiresAt: expiresOnTimestamp } = await provider.requestToken({ signal, force: false });
          return { token, expiresOnTimestamp };
        },
      },
      scopes: REDIS_SCOPE_DEFAULT,
      tokenManagerConfig: {
        expirationRefreshRatio: 0.7,
        retry: { maxAttempts: 10, initialDelayMs: 100, maxDelayMs: 500, backoffMultiplier: 2, isRetryable: () => true },
      },
    });
    const authenticate = ({ password = '' }: { password?: string }): void => onAuth(expiryOf(password));
    const [first] = await credentials.subscribe({ onNext: authenticate, onError: () => undefined });
    authenticate(first);
  });

interface Recipe {
  keepAuthenticated(client: EventEmitter, provider: IdentityProvider, delayMs: number): void;
}

const recipe = (): Simulation =>
  onMockedTimers(async (provider, onAuth) => {
    const peer = await importFromSuite<Recipe>('peers/ioredis-recipe/keep-authenticated.js');
    const { signal } = new AbortController();
    const client = Object.assign(new EventEmitter(), {
      auth: async (_username: string, token: string) => onAuth(expiryOf(token)),
    });
    client.on('error', () => undefined);
    const { expiresAt, obtainedAt } = await provider.requestToken({ signal, force: false });
    onAuth(expiresAt);
    peer.keepAuthenticated(client, provider, (expiresAt - obtainedAt) * 0.75);
  });

/** Whether the connection never lacks a token, where an outage of `outageMs` begins with the first renewal. */
async function isBridged(on: Simulation, outageMs: number): Promise<boolean> {
  let requests = 0;
  let downUntil = -Infinity;
  let servedUntil = Infinity;
  let lapsed = false;
  const requestToken = async (): Promise<Token> => {
    const obtainedAt = on.now();
    requests += 1;
    if (requests === 2) downUntil = obtainedAt + outageMs;
    if (obtainedAt < downUntil) throw new Error('Entra is down');
    const expiresAt = obtainedAt + lifeMs;
    return { value: makeJwt({ oid: 'bench', jti: requests, exp: expiresAt / second }), obtainedAt, expiresAt };
  };
  await on.start({ requestToken }, (expiresAt) => {
    lapsed ||= on.now() >= servedUntil;
    servedUntil = expiresAt;
  });
  await on.advance(1.5 * lifeMs);
  const isServed = on.now() < servedUntil;
  on.end();
  return isServed && !lapsed;
}

/** The longest outage that is bridged, to the second, as a share of a token's life. */
async function longestOf(simulation: () => Simulation): Promise<number> {
  let [bridged, notBridged] = [-1, lifeMs / second + 1];
  while (notBridged - bridged > 1) {
    const middle = Math.floor((bridged + notBridged) / 2);
    if (await isBridged(simulation(), middle * second)) bridged = middle;
    else notBridged = middle;
  }
  return Math.max(0, bridged * second) / lifeMs;
}

/** The share of a token's life of an hour that an outage which begins with a renewal may last. With jitter, the worst draw counts. */
export async function bridgedShare({ who }: { who: Bridging }): Promise<number> {
  if (who === '@redis/entraid') return await longestOf(entraid);
  if (who === 'the ioredis recipe') return await longestOf(recipe);
  const shares: number[] = [];
  for (const random of [0, 0.25, 0.5, 0.75, 0.999]) shares.push(await longestOf(() => ours(random)));
  return Math.min(...shares);
}
