export { attach, type IoredisClient } from './attach.ts';
export type { PlannedReconnect } from './planned-reconnect.ts';
export { withEntra, type EntraOptions } from './with-entra.ts';
