import { expect, test } from 'vitest';
import { createTokenManager, type IdentityProvider, type Token } from '../../src/index.ts';
import { ScriptedProvider, TestClock } from '../../src/testing.ts';
import { FakeConnection } from '../support/fake-connection.ts';
import { hour, minute } from '../support/bench.ts';

/** Azure's rule: every AUTH with a new token is done at least 3 minutes before the former one expires. */

/** As MSAL: the same token until five minutes before its expiry. */
function cached(clock: TestClock): IdentityProvider {
  const entra = new ScriptedProvider(clock);
  let token: Token | undefined;
  return {
    async requestToken() {
      if (token === undefined || token.expiresAt - clock.now() < 5 * minute) token = entra.issue();
      return token;
    },
  };
}

test.each([
  ['that gives a new token whenever it is asked', (clock: TestClock) => new ScriptedProvider(clock)],
  ['that gives a new token only in the last five minutes, as MSAL does', cached],
])(
  'for a day of hour-long tokens of a provider %s, 100 connections have each new token 3 minutes before the former expires',
  async (_, providerOn) => {
    const clock = new TestClock();
    let seed = 42;
    clock.randomValue = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const manager = createTokenManager(providerOn(clock), { clock });
    const expiries = new Map<string, number>();
    manager.subscribe((event) => {
      if (event.type === 'token') expiries.set(event.credentials.password, event.credentials.expiresAt);
    });
    const fleet = Array.from({ length: 100 }, () => new FakeConnection(() => clock.now()));
    const first = await manager.credentials();
    for (const connection of fleet) manager.register(connection).authenticated(first);
    await clock.advance(24 * hour);
    manager.close();
    const tokens = [...expiries.keys()];
    expect(tokens.length).toBeGreaterThan(20);
    for (const { passwords, auths } of fleet) {
      expect(passwords).toEqual(tokens.slice(1, passwords.length + 1));
      expect(passwords.length).toBeGreaterThanOrEqual(tokens.length - 2);
      for (const [i, { at }] of auths.entries())
        expect((expiries.get(tokens[i] ?? '') ?? 0) - at).toBeGreaterThanOrEqual(3 * minute);
    }
  },
);
