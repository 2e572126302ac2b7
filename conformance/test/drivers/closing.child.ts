import { serveCases } from '../../src/runner/workers.ts';
import { cases } from './closing-cases.ts';

serveCases(cases, { seed: 1, caseTimeoutMs: 60_000, knownFailing: () => undefined });
