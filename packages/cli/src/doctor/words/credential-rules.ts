import { remedy } from '../finding.ts';
import type { Remedy } from '../types.ts';

/** What a message of Microsoft Entra, MSAL or `@azure/identity` means; the first that fits. */
export interface CredentialRule {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly found: string;
  readonly remedies: readonly Remedy[];
}

/** Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const rules: readonly CredentialRule[] = [
  {
    pattern: /AADSTS7000222\b/,
    problem: 'credential-secret-expired',
    found: 'Microsoft Entra says that the client secret has expired.',
    remedies: [
      remedy(
        'Make a new one (Entra > App registrations > the application > Certificates & secrets), and put it into AZURE_CLIENT_SECRET.',
      ),
    ],
  },
  {
    pattern: /AADSTS7000215\b/,
    problem: 'credential-secret-wrong',
    found: 'Microsoft Entra says that the client secret is wrong.',
    remedies: [
      remedy(
        'AZURE_CLIENT_SECRET must be the Value of the secret, not its Secret ID, and belong to the application AZURE_CLIENT_ID.',
      ),
    ],
  },
  {
    pattern: /AADSTS700016\b/,
    problem: 'credential-application-unknown',
    found: 'Microsoft Entra knows no such application in this tenant.',
    remedies: [
      remedy(
        'AZURE_CLIENT_ID must be the Application (client) ID, and AZURE_TENANT_ID the tenant where the application lives.',
      ),
    ],
  },
  {
    pattern: /AADSTS(90002|900023|900021)\b/,
    problem: 'credential-tenant-unknown',
    found: 'Microsoft Entra knows no such tenant.',
    remedies: [
      remedy(
        'Check AZURE_TENANT_ID, and AZURE_AUTHORITY_HOST for the cloud: login.microsoftonline.com, login.microsoftonline.us (US Government), login.partner.microsoftonline.cn (China).',
      ),
    ],
  },
  {
    pattern: /AADSTS(500011|50001|70011)\b/,
    problem: 'credential-scope-unknown',
    found: 'Microsoft Entra does not know what the token is wanted for.',
    remedies: [
      remedy(
        'Leave out --scope: https://redis.azure.com/.default is the scope of the caches. In another cloud try acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default.',
      ),
    ],
  },
  {
    pattern: /AADSTS(65001|50105|530\d\d|50076|50079|50158)\b/,
    problem: 'credential-not-allowed',
    found:
      'Microsoft Entra does not let this identity have a token: consent, assignment or a policy (conditional access, MFA) is in the way.',
    remedies: [
      remedy('As a user, sign in again for exactly this scope:', 'az login --scope https://redis.azure.com/.default'),
      remedy('As an application, ask an administrator of the tenant about the code in the message.'),
    ],
  },
  {
    pattern: /AADSTS700024\b/,
    problem: 'credential-clock',
    found:
      'Microsoft Entra says that the assertion of this machine is not valid now: its clock is wrong, or the federated token is old.',
    remedies: [remedy('Compare the clock with the time elsewhere:', 'date -u')],
  },
  {
    pattern: /AADSTS7002(1|11|12|13|131)\b/,
    problem: 'credential-federation',
    found: 'Microsoft Entra knows no federated credential that fits this workload.',
    remedies: [
      remedy(
        'The federated credential of the identity must name issuer and subject exactly: system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT.',
      ),
    ],
  },
  {
    pattern: /Identity not found/i,
    problem: 'credential-identity-unassigned',
    found: 'This machine has no such managed identity.',
    remedies: [
      remedy('A user-assigned identity must be added to this resource: Settings > Identity > User assigned > Add.'),
      remedy('--client-id (or AZURE_CLIENT_ID) must be the Client ID of that identity, not its object id.'),
    ],
  },
  {
    pattern: /Multiple user assigned identities|Failed to resolve.*identity/i,
    problem: 'credential-identity-ambiguous',
    found: 'This machine has several managed identities, and none was chosen.',
    remedies: [remedy('Choose one:', 'npx entra-redis doctor … --client-id CLIENT_ID')],
  },
  {
    pattern: /^ManagedIdentityCredential.*(network_error|unreachable|not available)/i,
    problem: 'credential-no-managed-identity',
    found: 'This machine offers no managed identity: its identity endpoint does not answer.',
    remedies: [
      remedy(
        'Managed identities exist on Azure alone. On App Service and Functions enable it under Settings > Identity.',
      ),
      remedy('Elsewhere, let another credential answer:', 'npx entra-redis doctor … --credential azure-cli'),
    ],
  },
  {
    pattern:
      /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|network_error|endpoints_resolution_error|openid_config_error/,
    problem: 'credential-unreachable',
    found: 'The identity provider cannot be reached.',
    remedies: [
      remedy(
        'This machine must reach login.microsoftonline.com on port 443, through a proxy if it must (HTTPS_PROXY).',
      ),
      remedy('AZURE_AUTHORITY_HOST, if set, must name the authority of your cloud (or of the emulator that runs now).'),
    ],
  },
];
