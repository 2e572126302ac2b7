import { defineConfig } from 'vitest/config';

/**
 * The tests that run in this process, on the newest client and on redis 4. Minutes of real traffic, and more versions, take too
 * long for each of a thousand mutants: what only 5.x needs survives.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/connection/sentinel-tls.test.ts',
      'test/life.test.ts',
      'test/process.test.ts',
      'test/types.test.ts',
    ],
    // Stryker overrides a `testNamePattern`.
    env: { NEWEST_CLIENTS_ONLY: 'true' },
  },
});
