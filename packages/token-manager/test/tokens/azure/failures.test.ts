import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { until } from '@entra-redis/test-support';
import { afterEach, expect, test, vi } from 'vitest';
import { createTokenManager, type TokenEvent } from '../../../src/index.ts';
import { isPermanent, retryAfterMs } from '../../../src/manager/retry.ts';
import { TestClock } from '../../../src/testing.ts';
import { confidential, local, managerOn, pass, scope, secret, tokenOf, useEntra } from '../../support/azure.ts';
import { minute, second } from '../../support/bench.ts';

/** How the real @azure/identity fails, and what the manager makes of it. */
const azure = useEntra();
afterEach(() => void vi.unstubAllEnvs());

const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );

test.each([
  ['a 429 with Retry-After 40', { status: 429, retryAfterSeconds: 40 }, 40],
  ['a 429 without Retry-After', { status: 429 }, 60],
  ['a 503 with Retry-After 40', { status: 503, retryAfterSeconds: 40 }, 40],
  ['a 503 without Retry-After', { status: 503 }, 60],
])('after %s MSAL throws for that long without asking Entra, then asks again', async (_, fault, seconds) => {
  const credential = secret(azure);
  azure.entra.fail({ kind: 'status', ...fault });
  await errorOf(tokenOf(credential));
  pass((seconds - 2) * second);
  const throttled = await errorOf(tokenOf(credential));
  expect(throttled.message).not.toBe('it did not fail');
  expect(isPermanent(throttled)).toBe(false);
  expect(azure.requests).toHaveLength(1);
  pass(3 * second);
  await tokenOf(credential);
  expect(azure.requests).toHaveLength(2);
});

test('token/throttled (N7): Entra that answered 429 with Retry-After is not asked again before that time, however often the manager tries', async () => {
  azure.entra.fail({ kind: 'status', status: 429, retryAfterSeconds: 40 });
  const { manager, advance } = managerOn(secret(azure));
  await errorOf(manager.credentials());
  await advance(90 * second);
  expect(manager.current).toBeDefined();
  const [first, second_] = azure.requests;
  expect((second_?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(40 * second);
  manager.close();
});

test('while it throttles MSAL throws although it holds a token that is valid for minutes', async () => {
  const credential = secret(azure);
  await tokenOf(credential);
  azure.entra.fail({ kind: 'status', status: 429 });
  pass(55.5 * minute);
  for (let i = 0; i < 3; i += 1) expect((await errorOf(tokenOf(credential))).name).toBe('AuthenticationRequiredError');
  expect(azure.requests).toHaveLength(2);
});

test('token/outage-inside-lifetime: while MSAL throttles and throws, the manager goes on serving its own good token', async () => {
  azure.entra.configure({ refreshInMs: 10 * minute });
  const { manager, advance } = managerOn(secret(azure));
  const first = await manager.credentials();
  const failures: TokenEvent[] = [];
  manager.subscribe((event) => event.type !== 'token' && failures.push(event));
  azure.entra.fail({ kind: 'status', status: 429, retryAfterSeconds: 60 }, Infinity);
  await advance(15 * minute);
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.map(({ type }) => type)).toEqual(failures.map(() => 'retry'));
  expect((await manager.credentials()).password).toBe(first.password);
  azure.entra.heal();
  // MSAL's fetches in the background fail in silence; in its last five minutes it waits for the answer.
  await advance(42 * minute);
  expect((await manager.credentials()).password).not.toBe(first.password);
  manager.close();
});

test.each(confidential)(
  'token/hang (N15): a %s credential ignores abortSignal; the manager does not wait for it',
  async (_, credentialOf) => {
    azure.entra.fail({ kind: 'hang' });
    const credential = await credentialOf(azure);
    const abort = new AbortController();
    const call = credential.getToken(scope, { abortSignal: abort.signal, requestOptions: { timeout: 1 } });
    let settled = false;
    const end = (): void => void (settled = true);
    call.then(end, end);
    await until(() => azure.requests.length === 1);
    abort.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);

    azure.entra.fail({ kind: 'hang' });
    const clock = new TestClock(Date.now());
    const manager = createTokenManager(credential, { requestTimeoutMs: 5, clock });
    const failed = errorOf(manager.credentials());
    await until(() => azure.requests.length === 2);
    await clock.advance(5);
    expect(await failed).toMatchObject({ code: 'ERR_TOKEN_REQUEST_TIMEOUT' });
    manager.close();
  },
);

test('a failing renewal in advance is tried four times before the call answers', async () => {
  azure.entra.configure({ refreshInMs: 10 * minute });
  const { tenantId, clientId, clientSecret } = azure.entra;
  const options = { ...local(azure), retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 } };
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  await tokenOf(credential);
  azure.entra.fail({ kind: 'status', status: 500 }, Infinity);
  pass(11 * minute);
  await tokenOf(credential).catch(() => undefined);
  expect(azure.requests).toHaveLength(1 + 4);
});

test('token/permanent-error: a wrong secret comes as AuthenticationRequiredError, is permanent, and told with the words of Entra, not on the console (N25)', async () => {
  const credential = new ClientSecretCredential(azure.entra.tenantId, azure.entra.clientId, 'wrong', local(azure));
  const failure = await errorOf(tokenOf(credential));
  expect(failure.name).toBe('AuthenticationRequiredError');
  expect(failure).not.toHaveProperty('statusCode');
  const written = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
  const { manager } = managerOn(credential);
  const failures: unknown[] = [];
  manager.subscribe((event) => event.type === 'failed' && failures.push(event.permanent));
  await expect(manager.credentials()).rejects.toMatchObject({
    code: 'ERR_TOKEN_REQUEST_FAILED',
    message: expect.stringContaining('AADSTS7000215'),
  });
  expect(failures).toEqual([true]);
  // N25: nobody writes to the console, nor MSAL underneath.
  expect(written.flatMap(({ mock }) => mock.calls)).toEqual([]);
  manager.close();
});

const misconfigured: [string, () => ClientSecretCredential][] = [
  [
    'an unknown application (AADSTS700016)',
    () => new ClientSecretCredential(azure.entra.tenantId, 'nobody', azure.entra.clientSecret, local(azure)),
  ],
  [
    'an unknown tenant (AADSTS90002)',
    () => new ClientSecretCredential('nowhere', azure.entra.clientId, azure.entra.clientSecret, local(azure)),
  ],
];
test.each(misconfigured)('token/permanent-error: %s is permanent', async (_, credentialOf) => {
  expect(isPermanent(await errorOf(tokenOf(credentialOf())))).toBe(true);
});

test('Entra that cannot be reached, or answers nonsense, is a transient failure', async () => {
  azure.entra.fail({ kind: 'malformed' });
  const { tenantId, clientId, clientSecret } = azure.entra;
  const nowhere = { ...local(azure), authorityHost: 'https://localhost:1' };
  for (const credential of [secret(azure), new ClientSecretCredential(tenantId, clientId, clientSecret, nowhere)]) {
    const failure = await errorOf(tokenOf(credential));
    expect(failure.message).not.toBe('it did not fail');
    expect(isPermanent(failure)).toBe(false);
  }
});

test('a managed identity that fails comes as CredentialUnavailableError and is transient', async () => {
  vi.stubEnv('IDENTITY_ENDPOINT', azure.entra.appService.endpoint);
  vi.stubEnv('IDENTITY_HEADER', azure.entra.appService.header);
  azure.entra.fail({ kind: 'status', status: 500 }, Infinity);
  const failure = await errorOf(new ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } }).getToken(scope));
  expect(failure.name).toBe('CredentialUnavailableError');
  expect(isPermanent(failure)).toBe(false);
  expect(retryAfterMs(failure, Date.now())).toBeUndefined();
});

test('token/healing-codes: AADSTS700024, a federated token that is being rotated, is retried at once, not after half a minute', async () => {
  azure.entra.fail(
    {
      kind: 'status',
      status: 401,
      error: 'invalid_client',
      description: 'AADSTS700024: Client assertion is not within its valid time range.',
    },
    1,
  );
  const [, credentialOf] = confidential.at(-1) as (typeof confidential)[number];
  const { manager, advance } = managerOn(await credentialOf(azure));
  const failed: TokenEvent[] = [];
  manager.subscribe((event) => event.type === 'failed' && failed.push(event));
  await errorOf(manager.credentials());
  expect(failed).toMatchObject([{ permanent: false, error: { message: expect.stringContaining('AADSTS700024') } }]);
  await advance(2 * second);
  expect(manager.current).toBeDefined();
  manager.close();
});
