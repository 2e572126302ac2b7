import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['../../scripts/redis-server.mjs'],
    // Whole programs, on tokens of some real seconds: after the other packages, a few at a time.
    sequence: { groupOrder: 3 },
    maxConcurrency: 3,
    testTimeout: 120_000,
  },
});
