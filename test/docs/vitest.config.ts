import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['../../internal/redis-server/src/provide.ts'],
    // Whole programs, in processes of their own, whose tokens live for seconds: beside the suite, which mostly waits, too.
    maxConcurrency: 4,
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { groupOrder: 1 },
  },
});
