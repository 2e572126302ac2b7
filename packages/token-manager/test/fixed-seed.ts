import * as fc from 'fast-check';

/** For mutation runs alone: whether a mutant survives must not depend on luck. */
fc.configureGlobal({ seed: 20260101 });
