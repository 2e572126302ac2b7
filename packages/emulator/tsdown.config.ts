import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';
import { nodeFloorPlugin } from '../../scripts/node-floor.mjs';

const common = {
  platform: 'node',
  target: 'node22.12',
  fixedExtension: false,
  hash: false,
  sourcemap: false,
  outputOptions: { comments: { jsdoc: false } },
} as const;

const entries = { index: 'src/index.ts', command: 'src/command/index.ts', resp: 'src/resp/index.ts' };

// Jest's `require` takes no ES module, and these are nothing else.
const esmOnly = ['commander', 'jose'];
const licenseOf = (name: string): string => {
  const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  const [file] = globSync(`node_modules/${name}/LICENSE*`);
  return `${name} ${manifest.version}\n\n${readFileSync(file, 'utf8')}`;
};
const bundledLicenses = {
  name: 'bundled-licenses',
  generateBundle(this: { emitFile(asset: object): void }) {
    const source = esmOnly.map(licenseOf).join('\n\n');
    this.emitFile({ type: 'asset', fileName: 'bundled-licenses.txt', source });
  },
};

export default defineConfig([
  {
    ...common,
    entry: entries,
    format: 'esm',
    dts: true,
    plugins: [nodeFloorPlugin()],
  },
  {
    ...common,
    entry: entries,
    format: 'cjs',
    dts: true,
    clean: false,
    deps: { alwaysBundle: esmOnly, onlyBundle: esmOnly, dts: { neverBundle: esmOnly } },
    plugins: [nodeFloorPlugin(), bundledLicenses],
  },
  {
    ...common,
    entry: { cli: 'src/command/bin.ts' },
    format: 'esm',
    dts: false,
    clean: false,
    plugins: [nodeFloorPlugin({ command: true })],
  },
]);
