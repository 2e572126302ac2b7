import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/cli.ts', 'src/resident.ts', 'src/sample.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  fixedExtension: false,
});
