import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'conformance', 'examples/*', 'bench', 'release'],
    globalSetup: ['./scripts/redis-server.mjs'],
    reporters: process.env['CI'] ? ['default', './scripts/closing-line.mjs'] : ['default'],
  },
});
