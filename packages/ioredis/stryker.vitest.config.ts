import { defineConfig } from 'vitest/config';

/**
 * The tests that run in this process, on the newest ioredis of each major. Minutes of real traffic, and more versions, take too
 * long for each of a thousand mutants.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/client/sentinel-tls.test.ts',
      'test/life.test.ts',
      'test/no-leak.test.ts',
      'test/process.test.ts',
      'test/types.test.ts',
    ],
    // Stryker overrides a `testNamePattern`.
    env: { NEWEST_CLIENTS_ONLY: 'true' },
  },
});
