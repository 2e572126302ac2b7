import type { AccessToken, TokenCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { azureIdentity } from '../../src/targets/azure-identity.ts';

const tokenOf = (token: string): AccessToken => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 });

/** What it was asked with, and what it answers. */
function credentialOf(answer: (asked: number, claims: string | undefined) => string): TokenCredential & {
  readonly asked: (string | undefined)[];
} {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    getToken: async (_scope, { claims } = {}) => {
      asked.push(claims);
      return tokenOf(answer(asked.length, claims));
    },
  };
}

test('a credential that honours claims is asked with them, and renews its token', async () => {
  const credential = credentialOf((count) => `token ${count}`);
  const { renews, token } = await azureIdentity(credential);
  expect(renews).toBe(true);
  expect((await token()).token).toBe('token 3');
  expect(new Set(credential.asked)).toEqual(new Set(['{"access_token":{}}']));
});

test('a managed identity ignores claims, and answers one token', async () => {
  const { renews, token } = await azureIdentity(credentialOf(() => 'the same'));
  expect(renews).toBe(false);
  expect((await token()).token).toBe('the same');
});

test('a credential that rejects claims, as that of the Azure CLI, is asked without', async () => {
  const credential = credentialOf((_count, claims) => {
    if (claims === undefined) return 'the same';
    throw new Error("This credential doesn't support claims challenges. Run: az login --claims-challenge …");
  });
  const { renews, token } = await azureIdentity(credential);
  expect(renews).toBe(false);
  expect((await token()).token).toBe('the same');
  expect(credential.asked).toEqual(['{"access_token":{}}', undefined, undefined, undefined]);
});

test('a credential that fails for another reason is not asked in another way', async () => {
  const credential = credentialOf(() => {
    throw new Error('Please run az login');
  });
  await expect(azureIdentity(credential)).rejects.toThrow('az login');
  expect(credential.asked).toHaveLength(1);
});
