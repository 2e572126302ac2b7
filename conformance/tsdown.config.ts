import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';
import { nodeFloorPlugin } from '../scripts/node-floor.mjs';

export default defineConfig([
  {
    entry: [
      'src/index.ts',
      'src/kit.ts',
      'src/managed.ts',
      'src/cli.ts',
      'src/driver-child.ts',
      { 'launcher-main': fileURLToPath(import.meta.resolve('@entra-redis/redis-server/launcher-main')) },
    ],
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    dts: true,
    fixedExtension: false,
    plugins: [nodeFloorPlugin({ command: true })],
    // Named apart from the entries, whose declarations they would overwrite.
    outputOptions: { chunkFileNames: 'shared-[name].js' },
  },
  // The script of the report's page, which goes into it whole.
  {
    entry: { page: 'page/main.js' },
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    minify: true,
    clean: false,
  },
]);
