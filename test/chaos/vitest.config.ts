import { defineConfig } from 'vitest/config';

/** They take minutes: `npm run races`. */
const long = ['test/races.test.ts', 'test/memory.test.ts'];

export default defineConfig({
  test: {
    include: process.env['CHAOS_LONG'] === '1' ? long : ['test/**/*.test.ts'],
    exclude: process.env['CHAOS_LONG'] === '1' ? [] : long,
    setupFiles: ['../../scripts/test-seed.ts'],
    globalSetup: ['../../internal/redis-server/src/provide.ts'],
    maxWorkers: 2,
  },
});
