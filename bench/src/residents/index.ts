export const residents = {
  'accepting-cache': async () => (await import('./cache.ts')).startAcceptingCache,
  getting: async () => (await import('../samples/hot-path.ts')).startGetting,
  rotating: async () => (await import('./rotating.ts')).startRotating,
};

export type ResidentName = keyof typeof residents;
type Start<Name extends ResidentName> = Awaited<ReturnType<(typeof residents)[Name]>>;
export type ResidentOptions<Name extends ResidentName> = Parameters<Start<Name>>[0];
export type ResidentResult<Name extends ResidentName> = Awaited<ReturnType<Awaited<ReturnType<Start<Name>>>>>;
