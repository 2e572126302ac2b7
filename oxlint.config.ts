import { defineConfig } from 'oxlint';

/**
 * The direction of imports (docs/decisions/0001-workspace.md): what the sources of each folder may import from the workspace, by
 * published names. `packages/*` is for a package that is not listed yet.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/*': [],
  'packages/node-redis': ['token-manager'],
  'packages/ioredis': ['token-manager'],
  // Its build takes the starter of servers into the package.
  'packages/emulator': ['redis-server'],
  'packages/cli': ['token-manager', 'node-redis', 'ioredis', 'emulator'],
  'internal/*': [],
  // Its build takes the servers into the package.
  conformance: ['token-manager', 'node-redis', 'ioredis', 'emulator', 'redis-server'],
  bench: ['token-manager', 'node-redis', 'ioredis', 'emulator', 'conformance', 'redis-server'],
  'test/docs': ['token-manager', 'node-redis', 'ioredis', 'emulator', 'redis-server'],
  'test/chaos': ['token-manager', 'emulator', 'conformance'],
  'examples/*': ['token-manager', 'node-redis', 'ioredis'],
  'examples/demo': ['token-manager', 'node-redis', 'ioredis', 'emulator', 'conformance', 'redis-server'],
};

const within = (name: string): string[] => [`@entra-redis/${name}`, `@entra-redis/${name}/**`];

const direction = Object.entries(mayImport).map(([folder, names]) => {
  const others = names.flatMap(within).map((pattern) => `!${pattern}`);
  const patterns = [
    { regex: String.raw`^\.\.?/.*/(src|dist)/`, message: 'Import another package by its name.' },
    // Last: what it lets pass is looked at no further.
    { group: ['@entra-redis/**', ...others], message: 'The direction of imports: see oxlint.config.ts.' },
  ];
  return {
    files: [`${folder}/src/**`],
    rules: { 'no-restricted-imports': ['error', { patterns }] as ['error', object] },
  };
});

/** What may be absent is compared with undefined in all that is published for applications. */
const absence = {
  files: ['packages/{token-manager,ioredis,node-redis}/src/**'],
  rules: {
    'typescript/strict-boolean-expressions': [
      'error',
      {
        allowNullableObject: false,
        allowNullableBoolean: true,
        allowNullableString: true,
        allowNullableNumber: true,
        allowAny: true,
      },
    ] as ['error', object],
  },
};

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'vitest', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'max-lines': ['error', 300],
    'no-eval': 'error',
    'no-new-func': 'error',
    'typescript/no-implied-eval': 'error',
    'import/no-dynamic-require': 'error',
    'no-await-in-loop': 'off',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'fc.assert'] }],
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'import/no-unassigned-import': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-base-to-string': 'off',
    'promise/always-return': 'off',
    'unicorn/no-useless-spread': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'no-underscore-dangle': 'off',
    'unicorn/no-array-sort': 'off',
  },
  overrides: [...direction, absence],
  ignorePatterns: ['dist', 'out', '.tools'],
});
