import { defineConfig } from 'vitest/config';

/**
 * The tests that run in this process, on the newest client of each major. Minutes of real traffic, and more versions, take too
 * long for each of a thousand mutants.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/life.test.ts', 'test/exit.test.ts', 'test/types.test.ts'],
    testNamePattern: /^(?!.*(5\.0\.0 |5\.12\.1 \{\}))/,
  },
});
