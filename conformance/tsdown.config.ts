import { fileURLToPath } from 'node:url';
import { command } from '@entra-redis/config/tsdown';

export default [
  command({
    entry: {
      index: 'src/index.ts',
      'driver-kit': 'src/driver-kit.ts',
      'adapter-drivers': 'src/adapter-drivers.ts',
      cli: 'src/cli.ts',
      'serve-adapter-driver': 'src/driver/stdio/serve-adapter-driver.ts',
      'launcher-main': fileURLToPath(import.meta.resolve('@entra-redis/redis-server/launcher-main')),
    },
    dts: true,
    // Named apart from the entries, whose declarations they would overwrite.
    outputOptions: { chunkFileNames: 'shared-[name].js', comments: { jsdoc: false } },
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
