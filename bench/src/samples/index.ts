import type { simulate } from '../fleet/simulate.ts';
import type { bridgedShare } from './bridged-share.ts';
import type { authsPerRefresh, tokenRequests } from './counts.ts';
import type { rejectedOnCuts } from './cuts.ts';
import type { heapOfEvaluations } from './evaluations.ts';
import type { failedRequestTurn } from './failed-request.ts';
import type { hotPath } from './hot-path.ts';
import type { importCost } from './import-cost.ts';
import type { lostTokensTurn } from './lost-tokens.ts';
import type { memoryPerConnection } from './memory.ts';
import type { outage } from './outage.ts';
import type { reauthCost, registeredBytes } from './reauthentication.ts';
import type { subscriberLost } from './subscriber.ts';

interface Samples {
  'auths-per-refresh': typeof authsPerRefresh;
  'bridged-share': typeof bridgedShare;
  'failed-request-turn': typeof failedRequestTurn;
  fleet: typeof simulate;
  'heap-of-evaluations': typeof heapOfEvaluations;
  'hot-path': typeof hotPath;
  'import-cost': typeof importCost;
  'lost-tokens-turn': typeof lostTokensTurn;
  'memory-per-connection': typeof memoryPerConnection;
  outage: typeof outage;
  'reauth-cost': typeof reauthCost;
  'registered-bytes': typeof registeredBytes;
  'rejected-on-cuts': typeof rejectedOnCuts;
  'subscriber-lost': typeof subscriberLost;
  'token-requests': typeof tokenRequests;
}
export type SampleName = keyof Samples;
export type SampleResult<Name extends SampleName> = Awaited<ReturnType<Samples[Name]>>;
export type SampleOptions<Name extends SampleName> = Parameters<Samples[Name]>[0];

/** Loaded when it is taken: a sample of an import must not find its module loaded. */
export const samples: { readonly [Name in SampleName]: () => Promise<Samples[Name]> } = {
  'auths-per-refresh': async () => (await import('./counts.ts')).authsPerRefresh,
  'bridged-share': async () => (await import('./bridged-share.ts')).bridgedShare,
  'failed-request-turn': async () => (await import('./failed-request.ts')).failedRequestTurn,
  fleet: async () => (await import('../fleet/simulate.ts')).simulate,
  'heap-of-evaluations': async () => (await import('./evaluations.ts')).heapOfEvaluations,
  'hot-path': async () => (await import('./hot-path.ts')).hotPath,
  'import-cost': async () => (await import('./import-cost.ts')).importCost,
  'lost-tokens-turn': async () => (await import('./lost-tokens.ts')).lostTokensTurn,
  'memory-per-connection': async () => (await import('./memory.ts')).memoryPerConnection,
  outage: async () => (await import('./outage.ts')).outage,
  'reauth-cost': async () => (await import('./reauthentication.ts')).reauthCost,
  'registered-bytes': async () => (await import('./reauthentication.ts')).registeredBytes,
  'rejected-on-cuts': async () => (await import('./cuts.ts')).rejectedOnCuts,
  'subscriber-lost': async () => (await import('./subscriber.ts')).subscriberLost,
  'token-requests': async () => (await import('./counts.ts')).tokenRequests,
};
