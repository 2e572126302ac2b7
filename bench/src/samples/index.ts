/** Loaded when it is taken: a sample of an import must not find its module loaded. */
export const samples = {
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

export type SampleName = keyof typeof samples;
type Sample<Name extends SampleName> = Awaited<ReturnType<(typeof samples)[Name]>>;
export type SampleResult<Name extends SampleName> = Awaited<ReturnType<Sample<Name>>>;
export type SampleOptions<Name extends SampleName> = Parameters<Sample<Name>>[0];
