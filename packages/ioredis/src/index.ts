export { attach, type IoredisClient } from './attach.ts';
export type { PlannedReconnect } from '@entra-redis/token-manager';
export { withEntra, type EntraOptions, type IoredisOptions, type NoOthers } from './with-entra.ts';
export type { ForeignName } from './known-options.ts';
