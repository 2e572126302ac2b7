import { defineConfig } from 'tsdown';
import { nodeFloorPlugin } from '../../scripts/node-floor.mjs';

export default defineConfig({
  entry: ['src/cli.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: false,
  fixedExtension: false,
  hash: false,
  plugins: [nodeFloorPlugin({ command: true })],
});
