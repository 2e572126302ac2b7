import * as fc from 'fast-check';

/** For mutation runs alone: whether a mutant survives must not depend on luck, and nobody reads its counterexample. */
fc.configureGlobal({ seed: 20260101, endOnFailure: true });
