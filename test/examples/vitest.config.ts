import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['../../internal/redis-server/src/provide.ts'],
    // Whole programs, on tokens of some real seconds: beside the suite, which mostly waits, too.
    maxWorkers: 3,
    sequence: { groupOrder: 1 },
    maxConcurrency: 3,
    testTimeout: 120_000,
  },
});
