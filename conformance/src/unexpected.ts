import type { Outcome } from './types.ts';

/** Outcomes by which a run is not good. */
export const unexpected: ReadonlySet<Outcome> = new Set(['fail', 'unexpected-pass']);
