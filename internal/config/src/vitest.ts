import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

type TestOptions = NonNullable<ViteUserConfig['test']>;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A globalSetup: finds a real redis-server. */
export const redisServer = path('../../redis-server/src/provide.ts');

/** The tests of one package. `globalSetup: []` for those that start no server. */
export const tests = (options: TestOptions = {}): ViteUserConfig =>
  defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      globalSetup: [redisServer],
      setupFiles: [path('test-seed.ts')],
      // The programs that tests start load the same modules again and again: half of the processor time of a start.
      env: { NODE_COMPILE_CACHE: path('../../../node_modules/.cache/compiled') },
      maxWorkers: 2,
      // Whole programs in processes of their own, and models of thousands of steps, on machines that do other things, too.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...options,
    },
  });

/** Tests on tokens that live for real seconds mostly wait: more of them run at a time than there are cores, after the other tests. */
export const waitingTests = (options: TestOptions = {}): ViteUserConfig =>
  tests({ maxWorkers: 3, sequence: { groupOrder: 1 }, ...options });
