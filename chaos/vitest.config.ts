import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], globalSetup: ['../scripts/redis-server.mjs'], sequence: { groupOrder: 2 } },
});
