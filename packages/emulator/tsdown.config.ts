import { defineConfig } from 'tsdown';

const common = { platform: 'node', target: 'node22.12', fixedExtension: false, hash: false, sourcemap: false } as const;

export default defineConfig([
  { ...common, entry: ['src/index.ts', 'src/command.ts', 'src/resp.ts'], format: ['esm', 'cjs'], dts: true },
  { ...common, entry: ['src/cli.ts'], format: 'esm', dts: false, clean: false },
]);
