import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/cli.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: false,
  fixedExtension: false,
  hash: false,
});
