/** What stands in the way of a token, by Entra's own code. */
export type EntraProblem =
  | 'secret-expired'
  | 'secret-wrong'
  | 'application-unknown'
  | 'tenant-unknown'
  | 'scope-unknown'
  | 'not-allowed'
  | 'federation'
  | 'identity-unassigned'
  | 'identity-ambiguous'
  /** Another cause, which no repetition removes either. */
  | 'refused'
  /** An assertion from before or after its time: a federated token that is being rotated, or the clock. Heals by itself. */
  | 'assertion-time';

/**
 * The codes that say more than "try again": the manager retries them slowly (except `assertion-time`), and the doctor knows what to do.
 * The source of a line is https://login.microsoftonline.com/error?code= with its code, which shows the name that stands beside it, unless
 * another one is given.
 */
export const entraCodes: Readonly<Record<string, EntraProblem>> = {
  '50001': 'scope-unknown', // InvalidResource
  '50012': 'assertion-time', // not within its valid time range: Azure-Samples/active-directory-dotnet-daemon-certificate-credential#46
  '50034': 'refused', // UserAccountNotFound
  '50076': 'not-allowed', // UserStrongAuthClientAuthNRequired
  '50079': 'not-allowed', // UserStrongAuthEnrollmentRequired
  '50105': 'not-allowed', // EntitlementGrantsNotFound
  '50158': 'not-allowed', // ExternalSecurityChallenge
  '53000': 'not-allowed', // DeviceNotCompliant
  '53001': 'not-allowed', // DeviceNotDomainJoined
  '53002': 'not-allowed', // ApplicationUsedIsNotAnApprovedApp
  '53003': 'not-allowed', // BlockedByConditionalAccess
  '53004': 'not-allowed', // ProofUpBlockedDueToRisk
  '65001': 'not-allowed', // DelegationDoesNotExist
  '70001': 'application-unknown', // UnauthorizedClient
  '70002': 'refused', // InvalidClient
  '70011': 'scope-unknown', // InvalidScope
  '70021': 'federation', // No matching federated identity record found
  '90002': 'tenant-unknown', // InvalidTenantName
  '90023': 'refused', // InvalidRequest
  '500011': 'scope-unknown', // InvalidResourceServicePrincipalNotFound
  '500014': 'not-allowed', // InvalidResourceServicePrincipalDisabled
  '700016': 'application-unknown', // UnauthorizedClient_DoesNotMatchRequest
  '700021': 'refused', // the assertion names another application
  '700024': 'assertion-time', // InvalidClient: Azure/azure-workload-identity#693, AzureAD/microsoft-authentication-library-for-dotnet#4951
  '700027': 'refused', // the signature of the assertion is invalid
  '700211': 'federation', // No matching federated identity record found for presented assertion issuer
  '700212': 'federation', // ... audience
  '700213': 'federation', // ... subject
  '700222': 'secret-expired', // the keys of the client have expired
  '700223': 'federation', // the issuer is not trusted
  '900021': 'tenant-unknown', // Requested tenant identifier is not valid
  '900023': 'tenant-unknown', // neither a valid DNS name, nor a valid external domain
  '7000112': 'not-allowed', // UnauthorizedClientApplicationDisabled
  '7000114': 'not-allowed', // the application may not make this call
  '7000215': 'secret-wrong', // InvalidClientSecretProvided
  '7000222': 'secret-expired', // InvalidClientSecretExpiredKeysProvided
  '7002131': 'federation', // as 700213
};

/**
 * The endpoints of managed identities have no codes, but answer 400 with these words, which no repetition changes.
 * Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
const identityProblems: readonly (readonly [RegExp, EntraProblem])[] = [
  [/Identity not found/i, 'identity-unassigned'],
  [/Multiple user assigned identities|Failed to resolve.*identity/i, 'identity-ambiguous'],
];

/** The problems that a text of Entra, of a managed identity's endpoint, MSAL or `@azure/identity` quotes: those with a code in their order, then the others. */
export function entraProblemsOf(text: string): EntraProblem[] {
  const coded = [...text.matchAll(/AADSTS(\d+)/g)].flatMap(([, code]) => entraCodes[code as string] ?? []);
  return [...coded, ...identityProblems.flatMap(([words, problem]) => (words.test(text) ? [problem] : []))];
}
