interface Chosen {
  readonly timeoutMS: number;
  readonly thresholds: { readonly high: number; readonly low: number; readonly break: number };
}

/** What the mutation tests of all packages have in common: which changes of the sources does no test notice? See docs/reports/mutation.md. */
export const strykerConfig = ({ timeoutMS, thresholds }: Chosen) => ({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'stryker.vitest.config.ts' },
  mutate: ['src/**/*.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS,
  reporters: ['clear-text', 'json', 'progress'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds,
  // Without a tsconfig.json of its own the sandbox uses the package's; Stryker cannot rewrite one with TypeScript 7.
  ignorePatterns: ['dist', 'reports', '.turbo', 'tsconfig.json'],
  tsconfigFile: 'none',
});
