export { type AdapterOptions, adapterOptions, isLoopback } from './adapter-options.ts';
export { type Clock, systemClock } from './clock.ts';
export type { Connection, ConnectionIdentity, PlannedReconnect, Registration } from './connection.ts';
export { channels } from './diagnostics.ts';
export { entraCodes, type EntraProblem, entraProblemsOf } from './entra-codes.ts';
export { EntraRedisError, type EntraRedisErrorCode, isRefusal, withoutSecret } from './errors.ts';
export type { TokenEvent, TokenListener } from './events.ts';
export {
  type AccessToken,
  type CredentialOptions,
  defaultScope,
  fromTokenCredential,
  type GetTokenOptions,
  type IdentityProvider,
  type TokenCredential,
  type TokenRequest,
} from './identity-provider.ts';
export type { RefreshOptions, RetryOptions, TokenManagerOptions } from './options.ts';
export { withoutTokens } from './redact.ts';
export { authRefused, type RefusalContext } from './refusal.ts';
export type { Credentials, Token } from './token.ts';
export { createTokenManager } from './token-manager.ts';
export type { TokenManager } from './types.ts';
