import type { KnownFailing } from '../runner/known-failing.ts';
import ofNodeRedis from './node-redis/known-failing.json' with { type: 'json' };

/** What our adapters fail today, and why. A case that passes must leave the list; so must a line that names no case. */
export const knownFailing: readonly KnownFailing[] = ofNodeRedis;
