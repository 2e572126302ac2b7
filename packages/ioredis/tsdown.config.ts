import { defineConfig } from 'tsdown';

// An old Node.js is refused by token-manager, which is loaded first.
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  hash: false,
  outputOptions: { comments: { jsdoc: false } },
  inputOptions: { experimental: { attachDebugInfo: 'none' } },
});
