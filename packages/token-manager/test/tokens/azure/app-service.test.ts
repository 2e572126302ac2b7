import { ManagedIdentityCredential } from '@azure/identity';
import { describe, vi } from 'vitest';
import { testManagedIdentity } from '../../support/managed-identity.ts';
import { useEntra } from '../../support/azure.ts';

// In a file of its own: MSAL keeps what it knows of managed identities for the whole process.
const azure = useEntra();

const appService = (): ManagedIdentityCredential => {
  vi.stubEnv('IDENTITY_ENDPOINT', azure.entra.appService.endpoint);
  vi.stubEnv('IDENTITY_HEADER', azure.entra.appService.header);
  return new ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } });
};

describe('managed identity of App Service', () => {
  testManagedIdentity(azure, 'app-service', appService);
});
