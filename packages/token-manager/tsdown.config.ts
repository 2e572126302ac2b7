import { defineConfig } from 'tsdown';
import { nodeFloorPlugin } from '../../scripts/node-floor.mjs';

export default defineConfig({
  entry: ['src/index.ts', 'src/testing.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  hash: false,
  plugins: [nodeFloorPlugin()],
  outputOptions: { comments: { jsdoc: false } },
  inputOptions: { experimental: { attachDebugInfo: 'none' } },
});
