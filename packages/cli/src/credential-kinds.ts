/** Who may be asked for the token: each a class of `@azure/identity`. */
export const credentialKinds = [
  'default',
  'environment',
  'workload-identity',
  'managed-identity',
  'azure-cli',
  'azure-powershell',
  'azure-developer-cli',
] as const;
export type CredentialKind = (typeof credentialKinds)[number];
