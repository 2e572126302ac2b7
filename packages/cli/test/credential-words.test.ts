import { entraCodes } from '@entra-redis/token-manager';
import { expect, test } from 'vitest';
import type { DoctorOptions } from '../src/types.ts';
import { explainCredentialError } from '../src/words/credential.ts';

const options: DoctorOptions = {
  timeoutMs: 1000,
  credentialTimeoutMs: 60_000,
  credential: 'default',
  scope: 'https://redis.azure.com/.default',
  write: true,
  keyPrefix: '',
};

test.each([
  ['AADSTS7000222: The provided client secret keys are expired.', 'credential-secret-expired'],
  ['AADSTS7000215: Invalid client secret provided.', 'credential-secret-wrong'],
  ['AADSTS700016: Application with identifier was not found.', 'credential-application-unknown'],
  ["AADSTS90002: Tenant 'x' not found.", 'credential-tenant-unknown'],
  ['AADSTS500011: The resource principal was not found.', 'credential-scope-unknown'],
  ['AADSTS65001: The user or administrator has not consented.', 'credential-not-allowed'],
  ['AADSTS53003: Access has been blocked by Conditional Access policies.', 'credential-not-allowed'],
  ['AADSTS700024: Client assertion is not within its valid time range.', 'credential-clock'],
  ['AADSTS70021: No matching federated identity record found.', 'credential-federation'],
  ['AADSTS700213: No matching federated identity record found for presented subject.', 'credential-federation'],
  ['ManagedIdentityCredential: Authentication failed. Message Identity not found', 'credential-identity-unassigned'],
  ['Multiple user assigned identities exist, please specify the clientId', 'credential-identity-ambiguous'],
  ['ManagedIdentityCredential: Network unreachable. Message: network_error', 'credential-no-managed-identity'],
  ['EnvironmentCredential authentication failed. endpoints_resolution_error', 'credential-unreachable'],
  ['getaddrinfo ENOTFOUND login.microsoftonline.com', 'credential-unreachable'],
  ['Please run "az login" to set up an account', 'credential-none'],
])('%s is %s', (message, problem) => {
  expect(explainCredentialError(new Error(message), options)).toMatchObject({ status: 'failed', problem });
});

test.each(Object.keys(entraCodes))(
  'AADSTS%s, which the manager judges by the same table, has words of its own',
  (code) => {
    const { problem, remedies } = explainCredentialError(new Error(`AADSTS${code}: as Entra says.`), options);
    expect(problem).not.toBe('credential-none');
    expect(remedies).not.toEqual([]);
  },
);

test('in a chain an unreachable managed identity is no reason: this is not an Azure machine', () => {
  const errors = [
    'EnvironmentCredential is unavailable.',
    'ManagedIdentityCredential: Network unreachable. Message: network_error',
  ];
  const error = Object.assign(new Error('ChainedTokenCredential authentication failed.'), {
    errors: errors.map((message) => new Error(message)),
  });
  expect(explainCredentialError(error, options)).toMatchObject({ problem: 'credential-none', lines: errors });
});

test('no answer at all', () => {
  const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  expect(explainCredentialError(timeout, options)).toMatchObject({
    problem: 'credential-timeout',
    found: 'No credential answered within 60 s.',
  });
});

test('the code of Entra is there for machines', () => {
  expect(explainCredentialError(new Error('AADSTS7000215: Invalid.'), options).details).toEqual({
    code: 'AADSTS7000215',
  });
});

test.each([undefined, null, 7, {}])('whatever is thrown is explained: %j', (thrown) => {
  expect(explainCredentialError(thrown, options)).toMatchObject({ problem: 'credential-none' });
});

test('a managed identity that fails on a machine of its own does not hide az login', () => {
  const error = Object.assign(new Error('ManagedIdentityCredential: Network unreachable. Message: network_error'), {
    name: 'AuthenticationError',
  });
  const commands = (credential: 'default' | 'managed-identity'): unknown[] =>
    (explainCredentialError(error, { ...options, credential }).remedies ?? []).map(({ command }) => command);
  expect(commands('default').slice(0, 2)).toEqual(['az login', 'export AZURE_TOKEN_CREDENTIALS=dev']);
  expect(commands('managed-identity')).toEqual([undefined, 'npx entra-redis doctor … --credential azure-cli']);
});
