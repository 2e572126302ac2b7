import * as fc from 'fast-check';

// A vitest set-up file: TEST_SEED repeats a run. Without it each property draws its own seed, and prints it when it fails.
const seed = process.env['TEST_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
