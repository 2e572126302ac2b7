import { env } from 'node:process';

// A vitest set-up file: TEST_SEED repeats a run. Without it each property draws its own seed, and prints it when it fails.
const seed = env['TEST_SEED'];
if (seed !== undefined) (await import('fast-check')).configureGlobal({ seed: Number(seed) });
