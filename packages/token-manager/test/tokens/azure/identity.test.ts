import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { fromTokenCredential } from '../../../src/index.ts';
import { FakeConnection } from '../../support/fake-connection.ts';
import { confidential, managerOn, pass, secret, tokenOf, scope, useEntra } from '../../support/azure.ts';
import { minute, second } from '../../support/bench.ts';

/** What the real @azure/identity does when it has a token in its cache, and what the manager makes of it. */
const azure = useEntra();
const { signal } = new AbortController();

describe.each(confidential)('a %s credential', (_, credentialOf) => {
  test('with 30, 6 or 5.1 min left of its token answers from its cache', async () => {
    const credential = await credentialOf(azure);
    const first = await tokenOf(credential);
    for (const left of [30, 24, 0.9]) {
      pass(left * minute);
      expect(await tokenOf(credential)).toBe(first);
    }
    expect(azure.requests).toHaveLength(1);
  });

  test('with under 5 min left of its token gets a new one', async () => {
    const credential = await credentialOf(azure);
    const first = await tokenOf(credential);
    pass(55 * minute + 2 * second);
    expect(await tokenOf(credential)).not.toBe(first);
  });

  test('tells by refreshAfterTimestamp what Entra told by refresh_in; past it the first call answers the OLD token, a later one the new', async () => {
    azure.entra.configure({ refreshInMs: 30 * minute });
    const credential = await credentialOf(azure);
    const first = await credential.getToken(scope);
    const refreshInMs = (first?.refreshAfterTimestamp ?? 0) - Date.now();
    expect(Math.abs(refreshInMs - 30 * minute)).toBeLessThanOrEqual(second);
    pass(31 * minute);
    expect(await tokenOf(credential)).toBe(first?.token);
    await until(async () => (await tokenOf(credential)) !== first?.token);
    expect(azure.requests).toHaveLength(2);
  });

  test('passes its cache by for an empty claims challenge: what a forced request relies on', async () => {
    const provider = fromTokenCredential(await credentialOf(azure));
    const first = await provider.requestToken({ signal, force: false });
    expect((await provider.requestToken({ signal, force: false })).value).toBe(first.value);
    expect((await provider.requestToken({ signal, force: true })).value).not.toBe(first.value);
  });
});

test('a token from the cache keeps its whole life: its schedule does not shrink', async () => {
  const provider = fromTokenCredential(secret(azure));
  const first = await provider.requestToken({ signal, force: false });
  pass(40 * minute);
  const cached = await provider.requestToken({ signal, force: false });
  expect(cached.value).toBe(first.value);
  expect(Math.abs(cached.obtainedAt - first.obtainedAt)).toBeLessThan(2 * second);
});

/** Logs in ten connections, lets an hour pass, and answers how long before its expiry each had the new token. */
async function hourOf({ clock, manager, advance }: ReturnType<typeof managerOn>) {
  const first = await manager.credentials();
  const connections = Array.from({ length: 10 }, () => new FakeConnection(() => clock.now()));
  for (const connection of connections) manager.register(connection).authenticated(first);
  const tokensAt: number[] = [];
  manager.subscribe((event) => event.type === 'token' && tokensAt.push(clock.now()));
  await advance(58 * minute);
  manager.close();
  expect(connections.map(({ auths }) => auths.length)).toEqual(connections.map(() => 1));
  const lastAuthAt = Math.max(...connections.map(({ auths }) => auths[0]?.at ?? 0));
  return {
    tokens: tokensAt.length,
    tokenLeft: first.expiresAt - (tokensAt[0] ?? 0),
    authsLeft: first.expiresAt - lastAuthAt,
  };
}

test('token/early-past-cache: an hour-long token that MSAL keeps is renewed at 0.7 of its life, by one request to Entra', async () => {
  const { tokens, tokenLeft, authsLeft } = await hourOf(managerOn(secret(azure)));
  expect(tokens).toBe(1);
  expect(tokenLeft).toBeGreaterThanOrEqual(17.9 * minute);
  expect(authsLeft).toBeGreaterThan(16 * minute);
  expect(azure.requests).toHaveLength(2);
});

test('without pastCache an hour-long token that MSAL keeps is asked for again just inside its last five minutes, and every AUTH is done 3 minutes before expiry', async () => {
  const { tokens, tokenLeft, authsLeft } = await hourOf(managerOn(secret(azure), { refresh: { pastCache: false } }));
  expect(tokens).toBe(1);
  expect(tokenLeft).toBeLessThan(5 * minute);
  expect(tokenLeft).toBeGreaterThan(4 * minute);
  expect(authsLeft).toBeGreaterThan(3 * minute);
  // Its cache, asked at 24 min and then in the last five: no storm.
  expect(azure.requests).toHaveLength(2);
});

test('an hour-long token with refresh_in is renewed within the jitter after that, and every AUTH is done within the window', async () => {
  azure.entra.configure({ refreshInMs: 30 * minute });
  const managed = managerOn(secret(azure));
  await managed.manager.credentials();
  // The first renewal is spread over the life before it.
  await managed.advance(18 * minute + second);
  const { tokenLeft, authsLeft } = await hourOf(managed);
  expect(tokenLeft).toBeGreaterThan(26 * minute);
  expect(tokenLeft - authsLeft).toBeLessThan(minute);
});

test('five concurrent cold calls are five requests of the library, and one of the manager', async () => {
  const credential = secret(azure);
  await Promise.all(Array.from({ length: 5 }, () => tokenOf(credential)));
  expect(azure.requests).toHaveLength(5);
  const { manager } = managerOn(secret(azure));
  await Promise.all(Array.from({ length: 5 }, () => manager.credentials()));
  expect(azure.requests).toHaveLength(6);
  manager.close();
});

test('N22: client credentials need no authority option: the tenant of the credential is asked, never /common', async () => {
  const { manager } = managerOn(secret(azure));
  expect((await manager.credentials()).username).toBe(azure.entra.objectId);
  expect(azure.requests).toMatchObject([{ source: 'authority', outcome: 'token', grant: 'client_credentials' }]);
  manager.close();
});
