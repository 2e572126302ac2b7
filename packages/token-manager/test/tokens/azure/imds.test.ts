import { ManagedIdentityCredential } from '@azure/identity';
import { describe, vi } from 'vitest';
import { testManagedIdentity } from '../../support/managed-identity.ts';
import { useEntra } from '../../support/azure.ts';

// In a file of its own: MSAL keeps what it knows of managed identities for the whole process.
const azure = useEntra();

const imds = (): ManagedIdentityCredential => {
  vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', azure.entra.imdsHost);
  return new ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } });
};

describe('managed identity of a virtual machine (IMDS)', () => {
  testManagedIdentity(azure, 'imds', imds);
});
