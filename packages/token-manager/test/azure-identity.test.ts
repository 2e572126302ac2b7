import { ClientSecretCredential } from '@azure/identity';
import { type EntraServer, startEntra } from '@entra-redis/emulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTokenManager, fromTokenCredential } from '../src/index.ts';
import { TestClock } from '../src/testing.ts';
import { minute, second } from './support.ts';

/** What the real @azure/identity does, and the manager on top of it. Only `Date` is faked: the HTTPS requests are real. */
const scope = 'https://redis.azure.com/.default';
let entra: EntraServer;

beforeEach(async () => {
  entra = await startEntra({ lifetimeMs: 60 * minute });
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await entra.close();
});

function credentialOf(): ClientSecretCredential {
  return new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, {
    authorityHost: entra.authorityHost,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: entra.ca },
    retryOptions: { maxRetries: 0 },
  });
}

const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

test.each([30, 6, 5.1])('a secret with %s min left of its token answers from its cache', async (left) => {
  const credential = credentialOf();
  const first = await credential.getToken(scope);
  pass((60 - left) * minute);
  expect((await credential.getToken(scope)).token).toBe(first.token);
});

test('a secret with under 5 min left of its token gets a new one', async () => {
  const credential = credentialOf();
  const first = await credential.getToken(scope);
  pass(55 * minute + 2 * second);
  expect((await credential.getToken(scope)).token).not.toBe(first.token);
});

test('past refreshOn the first call answers the old token, and a later one the new', async () => {
  entra.configure({ refreshInMs: 30 * minute });
  const credential = credentialOf();
  const first = await credential.getToken(scope);
  expect(first.refreshAfterTimestamp).toBeGreaterThan(Date.now() + 29 * minute);
  pass(31 * minute);
  expect((await credential.getToken(scope)).token).toBe(first.token);
  await vi.waitUntil(() => entra.requests.length === 2);
  await vi.waitUntil(async () => (await credential.getToken(scope)).token !== first.token);
});

test('an empty claims challenge passes the cache by: what a forced request relies on', async () => {
  const provider = fromTokenCredential(credentialOf());
  const { signal } = new AbortController();
  const first = await provider.requestToken({ signal, force: false });
  expect((await provider.requestToken({ signal, force: false })).value).toBe(first.value);
  expect((await provider.requestToken({ signal, force: true })).value).not.toBe(first.value);
});

test('five concurrent cold calls are five requests of the library, and one of the manager', async () => {
  const credential = credentialOf();
  await Promise.all(Array.from({ length: 5 }, () => credential.getToken(scope)));
  expect(entra.requests).toHaveLength(5);
  const manager = createTokenManager(credentialOf());
  await Promise.all(Array.from({ length: 5 }, () => manager.credentials()));
  expect(entra.requests).toHaveLength(6);
  manager.close();
});

test('a token from the cache keeps its whole life: its schedule does not shrink', async () => {
  const provider = fromTokenCredential(credentialOf());
  const { signal } = new AbortController();
  const first = await provider.requestToken({ signal, force: false });
  pass(40 * minute);
  const cached = await provider.requestToken({ signal, force: false });
  expect(cached.value).toBe(first.value);
  expect(Math.abs(cached.obtainedAt - first.obtainedAt)).toBeLessThan(2 * second);
});

test('a wrong secret is a permanent failure, with the words of Entra', async () => {
  const credential = new ClientSecretCredential(entra.tenantId, entra.clientId, 'wrong', {
    authorityHost: entra.authorityHost,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: entra.ca },
  });
  const manager = createTokenManager(credential);
  const failures: unknown[] = [];
  manager.subscribe((event) => event.type === 'failed' && failures.push(event.permanent));
  await expect(manager.credentials()).rejects.toMatchObject({
    code: 'ERR_TOKEN_REQUEST_FAILED',
    message: expect.stringContaining('AADSTS7000215'),
  });
  expect(failures).toEqual([true]);
  manager.close();
});

/** The clock of the manager runs with the faked `Date`, so that it and MSAL are of one mind. */
class DateClock extends TestClock {
  override async advance(ms: number): Promise<void> {
    await super.advance(ms);
    vi.setSystemTime(this.now());
  }
}

/** A token request over real HTTPS is under way or not; virtual time waits for it. */
async function advance(clock: TestClock, ms: number, inFlight: () => boolean): Promise<void> {
  for (let left = ms; left > 0; left -= 10 * second) {
    await clock.advance(10 * second);
    await vi.waitUntil(() => !inFlight());
    await clock.advance(0);
  }
}

function managerOn(clock: TestClock) {
  const credential = credentialOf();
  let inFlight = 0;
  const counted = {
    async getToken(...args: Parameters<ClientSecretCredential['getToken']>) {
      inFlight += 1;
      try {
        return await credential.getToken(...args);
      } finally {
        inFlight -= 1;
      }
    },
  };
  const manager = createTokenManager(counted, { clock });
  return { manager, inFlight: () => inFlight > 0 };
}

test('an hour-long token that MSAL will not renew is asked for again just inside its last five minutes, in time for every AUTH', async () => {
  const clock = new DateClock(Date.now());
  const { manager, inFlight } = managerOn(clock);
  const first = await manager.credentials();
  const tokensAt: number[] = [];
  manager.subscribe((event) => event.type === 'token' && tokensAt.push(clock.now()));
  await advance(clock, 58 * minute, inFlight);
  expect(tokensAt).toHaveLength(1);
  const left = first.expiresAt - (tokensAt[0] ?? 0);
  expect(left).toBeLessThan(5 * minute);
  expect(left).toBeGreaterThan(4 * minute);
  manager.close();
});

test('after a 429 MSAL throws although it holds a valid token; the manager goes on serving its own', async () => {
  entra.configure({ refreshInMs: 10 * minute });
  const clock = new DateClock(Date.now());
  const { manager, inFlight } = managerOn(clock);
  const first = await manager.credentials();
  entra.fail({ kind: 'status', status: 429, retryAfterSeconds: 60 }, Number.POSITIVE_INFINITY);
  await advance(clock, 15 * minute, inFlight);
  expect((await manager.credentials()).password).toBe(first.password);
  entra.heal();
  // MSAL's background fetches fail in silence: the last five minutes, in which it waits for the answer, bring the new token.
  await advance(clock, 42 * minute, inFlight);
  expect((await manager.credentials()).password).not.toBe(first.password);
  manager.close();
});
