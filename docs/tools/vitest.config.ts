import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['../../scripts/redis-server.mjs'],
    // Whole programs, in processes of their own, whose tokens live for seconds: after the other packages.
    maxConcurrency: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { groupOrder: 3 },
  },
});
