import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/testing.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  // Chunks keep their names, so that none of an older build stays and is packed.
  hash: false,
  outputOptions: { comments: { jsdoc: false } },
});
