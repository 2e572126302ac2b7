import { defineConfig } from 'vitest/config';

/** The tests that run in this process: a child process runs unchanged sources, and the real @azure/identity is none of ours. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/azure-*.test.ts', 'test/process.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
  },
});
