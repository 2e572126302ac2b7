import { basename, dirname } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

/** Makes one file of an application and all that it imports. */
export interface Bundler {
  readonly way: string;
  readonly format: 'esm' | 'cjs';
  /** One of its kind, for those who have little time. */
  readonly chosen: boolean;
  bundle(entry: string, outfile: string): Promise<void>;
}

// What applications put first, for their CommonJS dependencies: `require` of node:net, and where a file is.
const banner = {
  js: `import { createRequire } from 'node:module';
import path, { dirname } from 'node:path';
import url, { fileURLToPath } from 'node:url';
const require = createRequire(import.meta.url);
const __filename = fileURLToPath(import.meta.url);
const __dirname = dirname(__filename);`,
};

export const bundlers: readonly Bundler[] = [
  byEsbuild('esm', false, true),
  byEsbuild('esm', true),
  byEsbuild('cjs', false),
  byEsbuild('cjs', true),
  { way: 'webpack 5, CommonJS', format: 'cjs', chosen: true, bundle: byWebpack },
  { way: 'Vite 8 in SSR mode, ES module', format: 'esm', chosen: true, bundle: byVite },
];

function byEsbuild(format: 'esm' | 'cjs', minify: boolean, chosen = false): Bundler {
  return {
    way: `esbuild, ${format === 'esm' ? 'ES module with a banner' : 'CommonJS'}${minify ? ', minified' : ''}`,
    format,
    chosen,
    bundle: async (entry, outfile) => {
      await esbuild({
        absWorkingDir: dirname(entry),
        entryPoints: [entry],
        bundle: true,
        minify,
        platform: 'node',
        target: 'node22',
        format,
        outfile,
        logLevel: 'silent',
        ...(format === 'esm' && { banner }),
      });
    },
  };
}

/** As for production, where unused modules are left out, but readable. */
async function byWebpack(entry: string, outfile: string): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    context: dirname(entry),
    entry,
    target: 'node22',
    optimization: { minimize: false },
    output: { path: dirname(outfile), filename: basename(outfile) },
    // ioredis and redis require what they do not need.
    ignoreWarnings: [() => true],
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error) reject(error);
      else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
      else resolve();
    });
  });
  await new Promise((resolve) => compiler.close(resolve));
}

async function byVite(entry: string, outfile: string): Promise<void> {
  await vite({
    root: dirname(entry),
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: entry,
      outDir: dirname(outfile),
      emptyOutDir: false,
      minify: false,
      target: 'node22',
      rolldownOptions: { output: { entryFileNames: basename(outfile) } },
    },
  });
}
