import { type EntraProblem, entraProblemsOf } from '@entra-redis/token-manager';
import { remedy } from '../finding.ts';
import type { Remedy } from '../types.ts';

/** What a message of Microsoft Entra, MSAL or `@azure/identity` means; the first that fits. */
export interface CredentialRule {
  /** By Entra's own code, or by the words. */
  readonly when: EntraProblem | RegExp;
  readonly problem: string;
  readonly found: string;
  readonly remedies: readonly Remedy[];
}

export const fits = ({ when }: CredentialRule, text: string): boolean =>
  typeof when === 'string' ? entraProblemsOf(text).includes(when) : when.test(text);

export const rules: readonly CredentialRule[] = [
  {
    when: 'secret-expired',
    problem: 'credential-secret-expired',
    found: 'Microsoft Entra says that the client secret has expired.',
    remedies: [
      remedy(
        'Create a new one (Entra > App registrations > the application > Certificates & secrets), and set AZURE_CLIENT_SECRET to it.',
      ),
    ],
  },
  {
    when: 'secret-wrong',
    problem: 'credential-secret-wrong',
    found: 'Microsoft Entra says that the client secret is wrong.',
    remedies: [
      remedy(
        'AZURE_CLIENT_SECRET must be the Value of the secret, not its Secret ID, and belong to the application AZURE_CLIENT_ID.',
      ),
    ],
  },
  {
    when: 'application-unknown',
    problem: 'credential-application-unknown',
    found: 'Microsoft Entra knows no such application in this tenant.',
    remedies: [
      remedy(
        'AZURE_CLIENT_ID must be the Application (client) ID, and AZURE_TENANT_ID the tenant where the application lives.',
      ),
    ],
  },
  {
    when: 'tenant-unknown',
    problem: 'credential-tenant-unknown',
    found: 'Microsoft Entra knows no such tenant.',
    remedies: [
      remedy(
        'Check AZURE_TENANT_ID, and AZURE_AUTHORITY_HOST for the cloud: login.microsoftonline.com, login.microsoftonline.us (US Government), login.partner.microsoftonline.cn (China).',
      ),
    ],
  },
  {
    when: 'scope-unknown',
    problem: 'credential-scope-unknown',
    found: 'Microsoft Entra does not know the resource that the token is for.',
    remedies: [
      remedy(
        'Leave out --scope: https://redis.azure.com/.default is the scope of the caches. In another cloud try acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default.',
      ),
    ],
  },
  {
    when: 'not-allowed',
    problem: 'credential-not-allowed',
    found:
      'Microsoft Entra issues no token to this identity: consent, assignment or a policy (conditional access, MFA) is in the way.',
    remedies: [
      remedy('As a user, sign in again for exactly this scope:', 'az login --scope https://redis.azure.com/.default'),
      remedy('As an application, ask an administrator of the tenant about the code in the message.'),
    ],
  },
  {
    when: 'assertion-time',
    problem: 'credential-clock',
    found:
      'Microsoft Entra says that the assertion of this machine is not valid now: its clock is wrong, or the federated token is old.',
    remedies: [remedy('Compare the clock with the time elsewhere:', 'date -u')],
  },
  {
    when: 'federation',
    problem: 'credential-federation',
    found: 'Microsoft Entra knows no federated credential that fits this workload.',
    remedies: [
      remedy(
        'The federated credential of the identity must name issuer and subject exactly: system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT.',
      ),
    ],
  },
  {
    when: 'refused',
    problem: 'credential-refused',
    found: 'Microsoft Entra refuses the request of this credential, however often it is repeated.',
    remedies: [
      remedy('Look the code up, and compare the settings of the credential: https://login.microsoftonline.com/error'),
    ],
  },
  {
    when: 'identity-unassigned',
    problem: 'credential-identity-unassigned',
    found: 'This machine has no such managed identity.',
    remedies: [
      remedy('A user-assigned identity must be added to this resource: Settings > Identity > User assigned > Add.'),
      remedy('--client-id (or AZURE_CLIENT_ID) must be the Client ID of that identity, not its object id.'),
    ],
  },
  {
    when: 'identity-ambiguous',
    problem: 'credential-identity-ambiguous',
    found: 'This machine has several managed identities, and none was chosen.',
    remedies: [remedy('Choose one:', 'npx entra-redis doctor … --client-id CLIENT_ID')],
  },
  {
    when: /^ManagedIdentityCredential.*(network_error|unreachable|not available)/i,
    problem: 'credential-no-managed-identity',
    found: 'This machine offers no managed identity: its identity endpoint does not answer.',
    remedies: [
      remedy(
        'Managed identities exist only on Azure. On App Service and Functions enable it under Settings > Identity.',
      ),
      remedy('Elsewhere, let another credential answer:', 'npx entra-redis doctor … --credential azure-cli'),
    ],
  },
  {
    when: /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|network_error|endpoints_resolution_error|openid_config_error/,
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
