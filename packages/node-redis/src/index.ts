export type { PlannedReconnect } from '@entra-redis/token-manager';
export { checkOptions } from './check-options.ts';
export { entraCredentials, type EntraCredentialsOptions } from './credentials-provider.ts';
export { giveUpAfterRefusals, type ReconnectStrategy } from './give-up.ts';
export { handOver, handOverOnRefresh, type SubscriberClient } from './subscribers/hand-over.ts';
export type {
  BasicAuth,
  CredentialsDisposable,
  CredentialsListener,
  EntraCredentialsProvider,
} from './client/client-internals.ts';
