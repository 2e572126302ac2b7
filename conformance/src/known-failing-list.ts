import type { KnownFailing } from './known-failing.ts';

/** What fails today, and why. A case that passes must leave the list; so must a line that names no case. */
export const knownFailing: readonly KnownFailing[] = [];
