import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/kit.ts', 'src/cli.ts', 'src/driver-child.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
});
