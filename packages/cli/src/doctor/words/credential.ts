import { failed, remedy } from '../finding.ts';
import type { DoctorOptions, Finding, Remedy } from '../types.ts';

/** Why no credential gave a token. */
export function explainCredentialError(error: unknown, options: DoctorOptions): Finding {
  const { name, errors } = (error ?? {}) as { name?: unknown; errors?: unknown[] };
  if (name === 'TimeoutError') {
    return failed('credential-timeout', `No credential answered within ${options.credentialTimeoutMs / 1000} s.`, {
      remedies: [
        remedy(
          'Does this machine reach login.microsoftonline.com on port 443, through a proxy if it must (HTTPS_PROXY)?',
        ),
        remedy(
          'Ask one credential alone, to see which of the chain hangs:',
          'entra-redis doctor … --credential azure-cli',
        ),
      ],
    });
  }
  const reasons = (errors?.length ? errors : [error]).map(reasonOf);
  const text = reasons.join('\n');
  const known = rules.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) {
    const code = /AADSTS\d+/.exec(text)?.[0];
    return failed(known.problem, known.found, {
      lines: reasons.filter((reason) => known.pattern.test(reason)).slice(0, 1),
      remedies: known.remedies,
      ...(code === undefined ? {} : { details: { code } }),
    });
  }
  const tried =
    reasons.length > 1
      ? 'None of the credentials that were tried has an identity to log in with.'
      : 'The credential gave no token.';
  return failed('credential-none', tried, { lines: reasons, remedies: nowhereToGo, details: { tried: reasons } });
}

/** The first statement of a message: what follows are trace ids and pointers to help pages. */
export function reasonOf(error: unknown): string {
  const text = String((error as { message?: unknown } | undefined)?.message ?? error);
  const detail = /More details:\n([\s\S]*)/.exec(text)?.[1];
  const [first = ''] = (detail ?? text)
    .replace(/\s*(Trace ID|Correlation ID|Timestamp): [\s\S]*/, '')
    .replace(/\s*(To troubleshoot, visit|Please visit|See https?:|visit https?:)[\s\S]*/i, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const name = /^(\w+Credential)\b/.exec(text)?.[1];
  const reason = first.replace(/,$/, '');
  const named = name === undefined || reason.includes(name) ? reason : `${name}: ${reason}`;
  return named.length > 300 ? `${named.slice(0, 300)}…` : named;
}

const nowhereToGo: readonly Remedy[] = [
  remedy('On your own machine, sign in as somebody who may use the cache:', 'az login'),
  remedy(
    'On Azure (App Service, Functions, Container Apps, virtual machine): enable the managed identity of the resource, under Settings > Identity. For a user-assigned one, name it:',
    'entra-redis doctor … --client-id <client id of the identity>',
  ),
  remedy(
    'In Kubernetes, workload identity: AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID and AZURE_TENANT_ID come from its webhook, when the pod has the label azure.workload.identity/use: "true" and its service account the annotation azure.workload.identity/client-id.',
  ),
  remedy(
    'Elsewhere, a service principal: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH).',
  ),
];

interface Rule {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly found: string;
  readonly remedies: readonly Remedy[];
}

/** Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const rules: readonly Rule[] = [
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
    remedies: [remedy('Choose one:', 'entra-redis doctor … --client-id <client id of the identity>')],
  },
  {
    pattern: /self-signed certificate|unable to (verify|get)|certificate has expired|ERR_TLS|CERT_/i,
    problem: 'credential-tls',
    found: 'The certificate of the identity provider is not trusted here.',
    remedies: [
      remedy(
        'A proxy that inspects TLS: give Node.js its authority.',
        'export NODE_EXTRA_CA_CERTS=/path/to/authority.pem',
      ),
      remedy('The emulator: paste the exports of the one that runs now; its authority is new at every start.'),
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
