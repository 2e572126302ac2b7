export { attach, type IoredisClient } from './attach.ts';
export type { PlannedReconnect } from '@entra-redis/token-manager';
export { withEntra, type EntraOptions } from './with-entra.ts';
