import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], globalSetup: ['../internal/redis-server/src/provide.ts'], maxWorkers: 2 },
});
