import { failed, remedy } from '../finding.ts';
import type { CredentialKind, DoctorOptions, Finding, Remedy } from '../types.ts';
import { fits, rules } from './credential-rules.ts';

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
          'npx entra-redis doctor … --credential azure-cli',
        ),
      ],
    });
  }
  const all = errors?.length ? errors : [error];
  const reasons = all.map(reasonOf);
  const rule = rules.find((each) => all.some((one) => fits(each, judged(one, all.length > 1))));
  if (rule !== undefined) {
    const told = all.find((each) => fits(rule, judged(each, all.length > 1)));
    const code = /AADSTS\d+/.exec(messageOf(told))?.[0];
    const onOwnMachine = rule.problem === 'credential-no-managed-identity' && options.credential === 'default';
    return failed(rule.problem, rule.found, {
      lines: [reasonOf(told)],
      remedies: onOwnMachine ? withoutManagedIdentity : rule.remedies,
      ...(code === undefined ? {} : { details: { code } }),
    });
  }
  const found =
    reasons.length > 1
      ? 'No credential of the chain has an identity to log in with.'
      : 'The credential has no identity to log in with.';
  return failed('credential-none', found, {
    lines: reasons,
    remedies: nowhereToGo[options.credential],
    details: { tried: reasons },
  });
}

const messageOf = (error: unknown): string => String((error as { message?: unknown } | undefined)?.message ?? error);

/** In a chain, a managed identity that cannot be reached only means that this is not an Azure machine. */
function judged(error: unknown, inChain: boolean): string {
  const text = messageOf(error);
  return inChain && /^ManagedIdentityCredential: (Network unreachable|.*not available)/.test(text) ? '' : text;
}

/** What a message states, without the codes, ids and pointers to help pages around it. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error);
  const stated = /Description: ([\s\S]*?)( - Correlation ID|$)/.exec(text)?.[1] ?? /AADSTS\d+: [^\n]*/.exec(text)?.[0];
  const [first = ''] = (stated ?? /More details:\n([\s\S]*)/.exec(text)?.[1] ?? text)
    .replace(/\s*(Trace ID|Correlation ID|Timestamp): [\s\S]*/, '')
    .replace(/\s*(To (troubleshoot|mitigate)|Please visit|See (the|https?))[\s\S]*/i, '')
    .replace(/^Error: /, '')
    .split('\n');
  const name = /^(\w+Credential)\b/.exec(text)?.[1];
  const reason = sentences(first)
    .replace(/[,:]+$/, '')
    .slice(0, 300);
  return name === undefined || reason.includes(name) ? reason : `${name}: ${reason}`;
}

/** The first two. */
const sentences = (text: string): string =>
  text
    .trim()
    .split(/(?<=\.)\s+/)
    .slice(0, 2)
    .join(' ');

const signIn = remedy('On your own machine, sign in with an account that may use the cache:', 'az login');
const managed = remedy(
  'On Azure (App Service, Functions, Container Apps, virtual machine): enable the managed identity of the resource, under Settings > Identity. For a user-assigned one, name it:',
  'npx entra-redis doctor … --client-id CLIENT_ID',
);
const workload = remedy(
  'In Kubernetes, workload identity: AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID and AZURE_TENANT_ID come from its webhook, when the pod has the label azure.workload.identity/use: "true" and its service account the annotation azure.workload.identity/client-id.',
);
const servicePrincipal = remedy(
  'Elsewhere, a service principal: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH).',
);

/** The chain of DefaultAzureCredential ends there, whatever comes after. */
const withoutManagedIdentity: readonly Remedy[] = [
  signIn,
  remedy(
    'DefaultAzureCredential stops at a managed identity that fails. Let it ask only credentials of developers, here and in the application:',
    'export AZURE_TOKEN_CREDENTIALS=dev',
  ),
  managed,
];

const nowhereToGo: Readonly<Record<CredentialKind, readonly Remedy[]>> = {
  default: [signIn, managed, workload, servicePrincipal],
  environment: [servicePrincipal],
  'workload-identity': [workload],
  'managed-identity': [managed],
  'azure-cli': [signIn],
  'azure-powershell': [remedy('Sign in with an account that may use the cache:', 'Connect-AzAccount')],
  'azure-developer-cli': [remedy('Sign in with an account that may use the cache:', 'azd auth login')],
};

/** The identity provider answers, with a certificate that this machine does not trust. */
export function authorityUntrusted(authority: string, refusal: string): Finding {
  return failed('credential-tls', `The certificate of ${authority} is not trusted here (${refusal}).`, {
    remedies: [
      remedy(
        'A proxy that inspects TLS: give Node.js its certificate authority.',
        'export NODE_EXTRA_CA_CERTS=/path/to/authority.pem',
      ),
      remedy('The emulator: paste the exports of the one that runs now; its authority is new at every start.'),
    ],
  });
}
