import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['../../scripts/redis-server.mjs'],
    // Whole commands in processes of their own, on machines that do other things, too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
