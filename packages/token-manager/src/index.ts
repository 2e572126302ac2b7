export { type AdapterOptions, adapterOptions, isLoopback } from './connections/adapter-options.ts';
export type { Connection, ConnectionIdentity, PlannedReconnect, Registration } from './connections/contract.ts';
export { authRefused, type RefusalContext } from './errors/auth-refused.ts';
export { entraCodes, type EntraProblem, entraProblemsOf } from './errors/entra-codes.ts';
export { EntraRedisError, type EntraRedisErrorCode, invalidOption, isRefusal } from './errors/errors.ts';
export { withoutSecret, withoutTokens } from './errors/redact.ts';
export { channels, publishPlannedReconnect } from './events/channels.ts';
export type { TokenEvent, TokenListener } from './events/events.ts';
export { defaultScope } from './manager/defaults.ts';
export type { RefreshOptions, RetryOptions, TokenManagerOptions } from './manager/options.ts';
export { createTokenManager } from './manager/token-manager.ts';
export type { TokenManager } from './manager/types.ts';
export { type Clock, systemClock } from './time.ts';
export type { Credentials, Token } from './tokens/credentials.ts';
export {
  type AccessToken,
  type CredentialOptions,
  fromTokenCredential,
  type GetTokenOptions,
  type IdentityProvider,
  type TokenCredential,
  type TokenRequest,
} from './tokens/identity-provider.ts';
