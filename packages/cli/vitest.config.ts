import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    globalSetup: ['../../internal/redis-server/src/provide.ts'],
    // Whole commands in processes of their own, on machines that do other things, too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
