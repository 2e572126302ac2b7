import type { startGetting } from '../samples/hot-path.ts';
import type { startAcceptingCache } from './cache.ts';
import type { startRotating } from './rotating.ts';

interface Residents {
  'accepting-cache': typeof startAcceptingCache;
  getting: typeof startGetting;
  rotating: typeof startRotating;
}
export type ResidentName = keyof Residents;
export type ResidentOptions<Name extends ResidentName> = Parameters<Residents[Name]>[0];
export type ResidentResult<Name extends ResidentName> = Awaited<ReturnType<Awaited<ReturnType<Residents[Name]>>>>;

export const residents: { readonly [Name in ResidentName]: () => Promise<Residents[Name]> } = {
  'accepting-cache': async () => (await import('./cache.ts')).startAcceptingCache,
  getting: async () => (await import('../samples/hot-path.ts')).startGetting,
  rotating: async () => (await import('./rotating.ts')).startRotating,
};
