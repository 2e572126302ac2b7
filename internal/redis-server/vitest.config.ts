import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./src/provide.ts'],
    // Processes of their own, on machines that do other things, too.
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
