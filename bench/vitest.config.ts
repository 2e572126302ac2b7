import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], globalSetup: ['../scripts/redis-server.mjs'], maxWorkers: 2 },
});
