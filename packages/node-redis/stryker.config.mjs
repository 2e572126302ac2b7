/** `pnpm mutation`: which changes of the sources does no test notice? See docs/mutation.md. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'stryker.vitest.config.ts' },
  mutate: ['src/**/*.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'json', 'progress'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: 80 },
  // Without a tsconfig.json of its own the sandbox uses the package's; Stryker cannot rewrite one with TypeScript 7.
  ignorePatterns: ['dist', 'reports', '.turbo', 'tsconfig.json'],
  tsconfigFile: 'none',
};
