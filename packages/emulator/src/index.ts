export { createFaults } from './policy/faults.ts';
export { startCache } from './cache/start-cache.ts';
export { startEntra } from './entra/start-entra.ts';
export { startGate } from './gate/start-gate.ts';
export { type CertificateAuthority, createCertificateAuthority } from './tls/certificates.ts';
export { createTimeline } from './timeline/timeline.ts';
export type * from './types.ts';
