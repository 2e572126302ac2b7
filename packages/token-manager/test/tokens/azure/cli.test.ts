import { AzureCliCredential } from '@azure/identity';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTokenManager, fromTokenCredential } from '../../../src/index.ts';
import { scope, tokenOf, useEntra } from '../../support/azure.ts';

/** The credential of a developer's machine: it runs `az` each time. */
const azure = useEntra();
beforeAll(() => void vi.stubEnv('PATH', azure.entra.cli.path));
afterAll(() => void vi.unstubAllEnvs());

test('Azure CLI: `az` runs for every call, also with a fresh token', async () => {
  const credential = new AzureCliCredential();
  const first = await tokenOf(credential);
  expect(await tokenOf(credential)).not.toBe(first);
  expect(azure.requests.map(({ source }) => source)).toEqual(['cli', 'cli']);
});

test('Azure CLI: a claims challenge throws; a forced request does without it', async () => {
  const credential = new AzureCliCredential();
  await expect(credential.getToken(scope, { claims: '{"access_token":{}}' })).rejects.toThrow('claims');
  const provider = fromTokenCredential(credential);
  const { signal } = new AbortController();
  expect((await provider.requestToken({ signal, force: true })).value).toContain('.');
  expect(azure.requests).toHaveLength(1);
});

test('Azure CLI: not logged in, and not installed, are failures that name what to do', async () => {
  azure.entra.fail({ kind: 'status', status: 401, error: 'login', description: 'Please run az login' });
  const manager = createTokenManager(new AzureCliCredential());
  await expect(manager.credentials()).rejects.toMatchObject({
    code: 'ERR_TOKEN_REQUEST_FAILED',
    cause: { name: 'CredentialUnavailableError' },
  });
  manager.close();
});
