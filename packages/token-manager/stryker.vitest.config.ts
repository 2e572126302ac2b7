import { defineConfig } from 'vitest/config';

/**
 * The tests that run in this process: a child process runs unchanged sources, the real @azure/identity is none of
 * ours, the documentation is not in Stryker's copy, and a day of a hundred connections takes too long for each of 1,500 mutants.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/tokens/azure/*.test.ts',
      'test/manager/process.test.ts',
      'test/events/opentelemetry.test.ts',
      'test/connections/hour-long.test.ts',
    ],
    setupFiles: ['test/support/fixed-seed.ts'],
  },
});
