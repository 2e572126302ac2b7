import { get } from 'node:http';
import { request } from 'node:https';
import { ClientSecretCredential } from '@azure/identity';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { type EntraOptions, type EntraServer, startEntra } from '../../src/index.ts';

const scope = 'https://redis.azure.com/.default';
const running: EntraServer[] = [];
afterEach(async () => {
  for (const entra of running.splice(0)) await entra.close();
});

async function start(options?: EntraOptions): Promise<EntraServer> {
  const entra = await startEntra(options);
  running.push(entra);
  return entra;
}

const credentialOf = (
  entra: EntraServer,
  secret = entra.clientSecret,
  tenant = entra.tenantId,
): ClientSecretCredential =>
  new ClientSecretCredential(tenant, entra.clientId, secret, {
    authorityHost: entra.authorityHost,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: entra.ca },
    retryOptions: { maxRetries: 0 },
  });

const imds = (entra: EntraServer, init: RequestInit = {}): Promise<Response> =>
  fetch(`${entra.imdsHost}/metadata/identity/oauth2/token/?resource=https://redis.azure.com`, {
    headers: { metadata: 'true' },
    ...init,
  });

test('a token has the claims of a real one, and a uti of its own', async () => {
  const entra = await start({ lifetimeMs: 6000 });
  const [a, b] = [await entra.issueToken(), await entra.issueToken()];
  const claims = decodeJwt(a.value);
  expect(claims).toMatchObject({
    aud: 'https://redis.azure.com',
    oid: entra.objectId,
    tid: entra.tenantId,
    appid: entra.clientId,
  });
  for (const name of ['iat', 'nbf', 'exp']) expect(claims[name]).toBeTypeOf('number');
  expect(claims['uti']).not.toBe(decodeJwt(b.value)['uti']);
});

test('MSAL fetches a new 6 s token at every call, with refresh_in as refreshAfterTimestamp', async () => {
  const entra = await start({ lifetimeMs: 6000, refreshInMs: 3000 });
  const credential = credentialOf(entra);
  const before = Date.now();
  const a = await credential.getToken(scope);
  // In whole seconds, from the second in which the answer came.
  expect(a.expiresOnTimestamp).toBeGreaterThan(before + 6000 - 2000);
  expect(a.expiresOnTimestamp).toBeLessThan(Date.now() + 6000 + 1000);
  const b = await credential.getToken(scope);
  expect(a.token).not.toBe(b.token);
  expect(a.refreshAfterTimestamp).toBeLessThan(a.expiresOnTimestamp);
});

test('statedLaterMs: an expiry is stated later than the token has it, until that is configured otherwise', async () => {
  const entra = await start({ lifetimeMs: 6000, statedLaterMs: 60_000 });
  const lateBy = async (): Promise<number> => {
    const { access_token: token, expires_on: stated } = (await (await imds(entra)).json()) as Record<string, string>;
    return Number(stated) - Math.floor(decodeJwt(token as string).exp as number);
  };
  expect(await lateBy()).toBe(60);
  entra.configure({ statedLaterMs: 0 });
  expect(await lateBy()).toBe(0);
});

test.each([
  ['a wrong secret', (entra: EntraServer) => credentialOf(entra, 'wrong'), /AADSTS7000215/],
  ['an unknown tenant', (entra: EntraServer) => credentialOf(entra, entra.clientSecret, 'contoso'), /AADSTS90002/],
])('%s is refused in the words of Entra', async (_, create, words) => {
  const entra = await start();
  await expect(create(entra).getToken(scope)).rejects.toThrow(words);
  expect(entra.requests.at(-1)?.outcome).toBe('refused');
});

test('the verifier says why it refuses, and never quotes the token', async () => {
  const entra = await start();
  const other = await start();
  const { value } = await entra.issueToken();
  const verify = (username: string, password: string) => entra.verifier.verify(username, password);
  const expired = await entra.issueToken({ lifetimeMs: -1000 });
  const elsewhere = await entra.issueToken({ audience: 'https://graph.microsoft.com' });
  expect(await verify('somebody', value)).toEqual({ ok: false, reason: expect.stringContaining('object id') });
  expect(await verify(entra.objectId, expired.value)).toEqual({
    ok: false,
    reason: expect.stringContaining('expired'),
  });
  expect(await verify(entra.objectId, elsewhere.value)).toEqual({
    ok: false,
    reason: expect.stringContaining('audience'),
  });
  expect(await verify(entra.objectId, (await other.issueToken()).value)).toEqual({
    ok: false,
    reason: expect.stringContaining('another tenant'),
  });
  const { privateKey } = await generateKeyPair('RS256');
  const forged = await new SignJWT({ oid: entra.objectId }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  expect(await verify(entra.objectId, forged)).toEqual({ ok: false, reason: expect.stringContaining('not signed') });
  expect(await verify(entra.objectId, 'letmein')).toEqual({ ok: false, reason: 'the password is not a token' });
});

test('a fault meets as many requests as it was told, and heal ends it', async () => {
  const entra = await start();
  entra.fail({ kind: 'status', status: 429, retryAfterSeconds: 7 }, 2);
  const first = await imds(entra);
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await imds(entra)).status).toBe(429);
  expect((await imds(entra)).status).toBe(200);
  entra.fail({ kind: 'malformed' }, Number.POSITIVE_INFINITY);
  await expect((await imds(entra)).json()).rejects.toThrow(SyntaxError);
  entra.fail({ kind: 'reset' });
  entra.heal();
  expect((await imds(entra)).status).toBe(200);
  entra.fail({ kind: 'reset' });
  await expect(imds(entra)).rejects.toThrow('fetch failed');
  entra.fail({ kind: 'delay', delayMs: 1 });
  expect((await imds(entra)).status).toBe(200);
  expect(() => entra.fail({ kind: 'reset' }, 0)).toThrow(/positive: 0/);
});

test('a reset reaches clients of the https authority too, and the server goes on', async () => {
  const entra = await start();
  const { authorityHost, tenantId, ca } = entra;
  const post = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${authorityHost}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', ca }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end('grant_type=client_credentials');
    });
  entra.fail({ kind: 'reset' });
  await expect(post()).rejects.toThrow('socket hang up');
  expect(await post()).toBe(401);
});

test('close ends a request that hangs, and may be called twice', async () => {
  const entra = await start();
  entra.fail({ kind: 'hang' });
  const hanging = imds(entra).catch((error: Error) => error.message);
  while (entra.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await entra.close();
  await entra.close();
  expect(await hanging).toBe('fetch failed');
});

test('IMDS without its header, or for another identity, answers an error', async () => {
  const entra = await start();
  expect((await imds(entra, { headers: {} })).status).toBe(400);
  const url = `${entra.imdsHost}/metadata/identity/oauth2/token/?resource=r&client_id=other`;
  expect((await fetch(url, { headers: { metadata: 'true' } })).status).toBe(400);
});

test('IMDS answers MSAL for Java, whose path begins with two slashes', async () => {
  const entra = await start();
  const url = `${entra.imdsHost}//metadata/identity/oauth2/token?api-version=2018-02-01&resource=r`;
  expect(await (await fetch(url, { headers: { metadata: 'true' } })).json()).toMatchObject({ token_type: 'Bearer' });
});

test.each(['//', '//['])('a path that is no URL (%s) is not found, and the server goes on', async (path) => {
  const entra = await start();
  const { hostname: host, port } = new URL(entra.imdsHost);
  const status = await new Promise((resolve, reject) => {
    get({ host, port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  expect(status).toBe(404);
  expect((await imds(entra)).status).toBe(200);
});

test.each([
  [{ lifetimeMs: Number.NaN }, /"lifetimeMs".*NaN/],
  [{ refreshInMs: 0 }, /"refreshInMs".*0/],
  [{ statedLaterMs: -1 }, /"statedLaterMs".*-1/],
  [{ statedLaterMs: Number.NaN }, /"statedLaterMs".*NaN/],
  [{ port: 70_000 }, /"port".*70000/],
])('bad option %j is named with its value', async (options, words) => {
  await expect(startEntra(options)).rejects.toThrow(words);
});

test('a port in use is the system error, with its port', async () => {
  const entra = await start();
  const port = Number(new URL(entra.authorityHost).port);
  await expect(startEntra({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});

test('one port has both: https for MSAL, http for managed identities', async () => {
  const entra = await start({ host: '127.0.0.1' });
  expect(new URL(entra.authorityHost).port).toBe(new URL(entra.imdsHost).port);
  const credential = credentialOf(entra);
  expect(decodeJwt((await credential.getToken(scope)).token)).toMatchObject({ oid: entra.objectId });
  const answer = await fetch(`${entra.imdsHost}/metadata/identity/oauth2/token/?resource=x`, {
    headers: { metadata: 'true' },
  });
  expect(await answer.json()).toMatchObject({ token_type: 'Bearer' });
});
