import { defineConfig } from 'vitest/config';

/**
 * The tests that run in this process: a child process runs unchanged sources, the real @azure/identity is none of
 * ours, the documentation is not in Stryker's copy, and a day of a hundred connections takes too long for each of 1,500 mutants.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/azure-*.test.ts', 'test/process.test.ts', 'test/opentelemetry.test.ts', 'test/hour-long.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
  },
});
