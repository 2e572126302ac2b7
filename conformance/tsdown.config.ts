import { fileURLToPath } from 'node:url';
import { command } from '@entra-redis/config/tsdown';

export default [
  command({
    entry: [
      'src/index.ts',
      'src/kit.ts',
      'src/managed.ts',
      'src/cli.ts',
      'src/driver-child.ts',
      { 'launcher-main': fileURLToPath(import.meta.resolve('@entra-redis/redis-server/launcher-main')) },
    ],
    dts: true,
    // Named apart from the entries, whose declarations they would overwrite.
    outputOptions: { chunkFileNames: 'shared-[name].js' },
  }),
  // The script of the report's page, which goes into it whole.
  {
    entry: { page: 'page/main.js' },
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    minify: true,
    clean: false,
  },
];
