import { until } from '@entra-redis/test-support';
import type { TokenCredential } from '../../src/index.ts';
import { fromTokenCredential } from '../../src/index.ts';
import { expect, test } from 'vitest';
import { type Azure, managerOn, pass, scope, tokenOf } from './azure.ts';
import { FakeConnection } from './fake-connection.ts';
import { hour, minute, second } from './bench.ts';

/**
 * What every managed identity does. MSAL keeps its tokens in a static cache for the whole process, so each source has a test
 * file, and with it a process, of its own; and a token of one test is still there in the next: each begins a day later.
 */
export function testManagedIdentity(
  azure: Azure,
  source: 'imds' | 'app-service',
  credentialOf: () => TokenCredential,
): void {
  let days = 0;
  const nextDay = (): TokenCredential => {
    days += 1;
    pass(days * 48 * hour);
    return credentialOf();
  };

  test('with 30, 6 or 5.1 min left of its token answers from its cache, without a refreshAfterTimestamp', async () => {
    azure.entra.configure({ refreshInMs: 10 * minute });
    const credential = nextDay();
    const first = await credential.getToken(scope);
    expect(first?.refreshAfterTimestamp).toBeUndefined();
    for (const left of [30, 24, 0.9]) {
      pass(left * minute);
      expect(await tokenOf(credential)).toBe(first?.token);
    }
    expect(azure.requests).toMatchObject([{ source, outcome: 'token' }]);
  });

  test('with under 5 min left of its token gets a new one', async () => {
    const credential = nextDay();
    const first = await tokenOf(credential);
    pass(55 * minute + 2 * second);
    expect(await tokenOf(credential)).not.toBe(first);
  });

  test('past half of a life above 2 h the first call answers the OLD token, a later one the new', async () => {
    azure.entra.configure({ lifetimeMs: 24 * hour });
    const credential = nextDay();
    const first = await credential.getToken(scope);
    pass(11 * hour);
    expect(await tokenOf(credential)).toBe(first?.token);
    expect(azure.requests).toHaveLength(1);
    pass(2 * hour);
    expect(await tokenOf(credential)).toBe(first?.token);
    await until(async () => (await tokenOf(credential)) !== first?.token);
    expect(azure.requests).toHaveLength(2);
  });

  test('ignores a claims challenge: a forced request gets what is in the cache', async () => {
    const provider = fromTokenCredential(nextDay());
    const { signal } = new AbortController();
    const first = await provider.requestToken({ signal, force: false });
    expect((await provider.requestToken({ signal, force: true })).value).toBe(first.value);
  });

  test('an hour-long token is renewed just inside its last five minutes, and every AUTH is done 3 minutes before expiry', async () => {
    const { clock, manager, advance } = managerOn(nextDay());
    const first = await manager.credentials();
    const connection = new FakeConnection(() => clock.now());
    manager.register(connection).authenticated(first);
    await advance(58 * minute);
    expect(connection.passwords).toEqual([manager.current?.password]);
    expect(connection.auths[0]?.at).toBeLessThan(first.expiresAt - 3 * minute);
    expect(azure.requests).toHaveLength(2);
    manager.close();
  });

  test('a day-long token is renewed long before its last hours', async () => {
    azure.entra.configure({ lifetimeMs: 24 * hour });
    const { clock, manager, advance } = managerOn(nextDay());
    const first = await manager.credentials();
    await advance(17 * hour);
    expect(manager.current?.password).not.toBe(first.password);
    expect(clock.now()).toBeLessThan(first.expiresAt - 6 * hour);
    manager.close();
  });
}
