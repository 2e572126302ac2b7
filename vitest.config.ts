import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'conformance',
      'examples/demo',
      'examples/support',
      'bench',
      'chaos',
      'release',
      'docs/tools',
    ],
    globalSetup: ['./scripts/redis-server.mjs'],
    reporters: process.env['CI'] ? ['default', './scripts/closing-line.mjs'] : ['default'],
  },
});
