// The life of a token, file by file. Everything that is public is exported below.
//
//  1. A connection logs in: its adapter calls `credentials()` of manager/token-manager.ts, the one file with timers and promises.
//  2. Each input goes to manager/transitions.ts, a pure function: a state (manager/state.ts) and an input in, a state and effects out.
//  3. The effect `request` goes to the provider. tokens/identity-provider.ts makes one from a credential of `@azure/identity`.
//  4. Callers wait in manager/waiters.ts meanwhile.
//  5. tokens/validate-token.ts checks the answer: when it begins and expires, and whose it is (tokens/claims.ts).
//  6. From here on it is `Credentials` (tokens/credentials.ts), which hide the token from logs.
//  7. manager/schedule.ts says when to request the next one, or manager/retry.ts, after a failure. Both are pure.
//  8. Callers get it, and connections/reauthenticator.ts brings it to every connection (connections/registered-connection.ts).
//  9. Each has its instant in the window (connections/auth-window.ts), in one heap (connections/wake-heap.ts).
// 10. At that instant the adapter sends AUTH. connections/contract.ts is what it promises.
// 11. events/dispatcher.ts tells subscribers and diagnostics channels (events/channels.ts); if nobody listens, events/warnings.ts the process.
// 12. If a server refuses it, `reject()` discards it, and errors/auth-refused.ts says what to check.
// 13. errors/redact.ts strikes it out of every error and event.
// 14. It expires by the clock of time.ts, which notices a sleep and a clock that is set.
//
// Options: manager/options.ts and manager/defaults.ts. What adapters check: connections/adapter-options.ts. Errors: errors/errors.ts, those of
// the provider: errors/provider-errors.ts, the codes of Entra: errors/entra-codes.ts. For tests of applications: testing.ts.
export { type AdapterOptions, adapterOptions } from './connections/adapter-options.ts';
export { isLoopback } from './connections/loopback.ts';
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
