import { defineConfig } from 'vitest/config';
import { LongestFirst } from './internal/config/src/longest-first.ts';

export default defineConfig({
  test: {
    projects: ['packages/*', 'internal/*', 'conformance', 'examples/demo', 'bench', 'scripts', 'test/*'],
    globalSetup: ['./internal/redis-server/src/provide.ts'],
    sequence: { sequencer: LongestFirst },
    reporters: process.env['CI'] ? ['default', './internal/config/src/closing-line.mjs'] : ['default'],
  },
});
