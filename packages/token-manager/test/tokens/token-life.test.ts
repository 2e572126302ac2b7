import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTokenManager, type TokenCredential } from '../../src/index.ts';
import { makeJwt, TestClock } from '../../src/testing.ts';
import { clockAheadMs, expiryOf, issuedAtOf } from '../../src/tokens/validate-token.ts';
import { hour, minute, second } from '../support/bench.ts';

const now = Date.UTC(2026, 0, 1);
const jwt = (issuedAt: number, expiresAt: number): string =>
  makeJwt({ oid: 'me', iat: issuedAt / 1000, exp: expiresAt / 1000 });

/** An identity provider by its own clock, which is `aheadMs` ahead of the manager's; states the expiry as `state` says. */
function world(
  aheadMs: number,
  lifeMs: number,
  state: (token: { issuedAt: number; expiresAt: number }, now: number) => unknown,
) {
  const clock = new TestClock(now);
  const issued: { issuedAt: number; expiresAt: number }[] = [];
  const asked: number[] = [];
  const credential: TokenCredential = {
    async getToken() {
      const issuedAt = clock.now() + aheadMs;
      const token = { issuedAt, expiresAt: issuedAt + lifeMs };
      issued.push(token);
      asked.push(clock.now() - now);
      return { token: jwt(issuedAt, token.expiresAt), expiresOnTimestamp: state(token, clock.now()) as number };
    },
  };
  const manager = createTokenManager(credential, { clock, refresh: { jitterRatio: 0 } });
  onTestFinished(() => manager.close());
  return { clock, manager, asked, issued };
}

function warnings(): string[] {
  const told: string[] = [];
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void told.push(String(warning)));
  onTestFinished(() => spy.mockRestore());
  return told;
}

test('token/earlier-of-two: a credential that states a minute for a token of 5 s is renewed before its 5 s are over', async () => {
  const { clock, manager, asked } = world(0, 5 * second, () => clock.now() + minute);
  expect((await manager.credentials()).expiresAt).toBe(now + 5 * second);
  await clock.advance(20 * second);
  expect(asked.length).toBeGreaterThan(4);
  expect(Math.max(...asked.slice(1).map((at, i) => at - (asked[i] ?? 0)))).toBeLessThan(4.5 * second);
});

test('token/earlier-of-two: a credential that states less than the token says is believed', async () => {
  const { manager } = world(0, hour, ({ issuedAt }) => issuedAt + minute);
  expect((await manager.credentials()).expiresAt).toBe(now + minute);
});

describe.each([
  ['absolute, as of a managed identity', ({ expiresAt }: { expiresAt: number }) => expiresAt],
  ['by this clock, as of MSAL', (_: unknown, here: number) => here + hour],
])('token/earlier-of-two: a clock that runs 2 h ahead, the statement %s', (_, state) => {
  test('refuses nothing that the server still takes, and says once that it is ahead', async () => {
    const told = warnings();
    const { clock, manager } = world(-2 * hour, hour, state);
    const { expiresAt } = await manager.credentials();
    expect(expiresAt).toBe(now + hour);
    expect(manager.current).toBeDefined();
    await clock.advance(45 * minute);
    expect(manager.current?.expiresAt).toBeGreaterThan(expiresAt);
    expect(told).toEqual([expect.stringContaining('is at least 60 min ahead of')]);
    expect(told[0]).not.toMatch(/eyJ/);
  });
});

test('token/earlier-of-two: a clock that runs 2 h ahead, and a credential that states hours too much: no token is believed for longer than it is issued for', async () => {
  const { manager } = world(-2 * hour, hour, (_, here) => here + 5 * hour);
  expect((await manager.credentials()).expiresAt).toBe(now + hour);
});

const unstated: [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['0', 0],
  ['in seconds', (now + hour) / 1000],
  ['a Date', new Date(now + hour)],
  ['a string', new Date(now + hour).toISOString()],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
];
describe.each(unstated)('token/no-stated-expiry: %s', (_, stated) => {
  test('a JWT brings its own exp', async () => {
    const { manager } = world(0, hour, () => stated);
    expect((await manager.credentials()).expiresAt).toBe(now + hour);
  });

  test('an opaque token needs one: the error names the property, and what it looks like', async () => {
    using manager = createTokenManager(
      { getToken: async () => ({ token: 'opaque', expiresOnTimestamp: stated as number }) },
      { clock: new TestClock(now), username: 'me' },
    );
    await expect(manager.credentials()).rejects.toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      message: expect.stringMatching(/expiresOnTimestamp is /),
    });
  });
});

test('token/no-stated-expiry: an expiry under another name is none', async () => {
  const answerOf = (token: string) => ({ token, expiresOn: new Date(now + hour), expires_on: (now + hour) / 1000 });
  const managerOf = (token: string) =>
    createTokenManager(
      { getToken: async () => answerOf(token) as never },
      { clock: new TestClock(now), username: 'me' },
    );
  using ofJwt = managerOf(jwt(now, now + hour));
  expect((await ofJwt.credentials()).expiresAt).toBe(now + hour);
  using ofOpaque = managerOf('opaque');
  await expect(ofOpaque.credentials()).rejects.toThrow('expiresOnTimestamp is missing');
});

test('token/no-stated-expiry: seconds, a Date and a string are called by their name', () => {
  const verdictOn = (stated: unknown): string => {
    try {
      return String(expiryOf('opaque', stated, now, 'expiresOnTimestamp'));
    } catch (error) {
      return (error as Error).message.replace("The identity provider's answer is not a usable token: ", '');
    }
  };
  const wanted = 'it must be a number of ms since the epoch';
  expect(verdictOn((now + hour) / 1000)).toBe(`expiresOnTimestamp is 1767229200, which looks like seconds; ${wanted}.`);
  expect(verdictOn(new Date(now))).toBe(`expiresOnTimestamp is a Date; ${wanted}: pass its getTime().`);
  expect(verdictOn('2026-01-01T00:00:00Z')).toBe(`expiresOnTimestamp is '2026-01-01T00:00:00Z'; ${wanted}.`);
  expect(verdictOn(undefined)).toBe(`expiresOnTimestamp is missing; ${wanted}.`);
  expect(verdictOn(now + 1)).toBe(String(now + 1));
});

test('token/clock-behind: a token issued in the future ends exp - iat from now, and the skew is told once', async () => {
  const told = warnings();
  const { clock, manager, issued } = world(12 * second, 20 * second, ({ expiresAt }) => expiresAt);
  expect((await manager.credentials()).expiresAt).toBe(now + 20 * second);
  const passed: number[] = [];
  manager.subscribe(() => passed.push((issued.at(-2)?.expiresAt ?? 0) - (clock.now() + 12 * second)));
  await clock.advance(minute);
  // By the provider's clock each token was renewed before its end.
  expect(passed.length).toBeGreaterThan(3);
  expect(Math.min(...passed)).toBeGreaterThan(0);
  expect(told).toEqual([expect.stringContaining('is 12 s behind')]);
});

test("a skew of a few seconds is nobody's business", async () => {
  const told = warnings();
  const { manager } = world(3 * second, hour, ({ expiresAt }) => expiresAt);
  await manager.credentials();
  expect(told).toEqual([]);
});

test('the life of a token by its claims and what is stated', () => {
  const hourLong = jwt(now - 10 * minute, now + 50 * minute);
  expect(expiryOf(hourLong, now + hour, now, 'x')).toBe(now + 50 * minute);
  expect(issuedAtOf(hourLong, now + 50 * minute, now)).toBe(now - 10 * minute);
  expect(issuedAtOf(hourLong, now + hour, now)).toBe(now);
  expect(issuedAtOf('opaque', now + hour, now)).toBe(now);
  const onlyExp = makeJwt({ exp: (now + hour) / 1000 });
  expect(expiryOf(onlyExp, undefined, now, 'x')).toBe(now + hour);
  expect(() => expiryOf(makeJwt({ exp: (now - 1000) / 1000 }), undefined, now, 'x')).toThrow('x is missing');
  expect(expiryOf(makeJwt({ iat: (now + hour) / 1000 }), now + minute, now, 'x')).toBe(now + minute);
  expect(clockAheadMs(hourLong, now)).toBe(0);
  expect(clockAheadMs(hourLong, now + hour)).toBe(10 * minute);
  expect(clockAheadMs(hourLong, now - hour)).toBe(-50 * minute);
  expect(clockAheadMs('opaque', now)).toBe(0);
});
