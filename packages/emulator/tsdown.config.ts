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
    entry: ['src/index.ts', 'src/command.ts', 'src/resp.ts'],
    format: 'esm',
    dts: true,
    plugins: [nodeFloorPlugin()],
  },
  {
    ...common,
    entry: ['src/index.ts', 'src/command.ts', 'src/resp.ts'],
    format: 'cjs',
    dts: true,
    clean: false,
    deps: { alwaysBundle: esmOnly, onlyBundle: esmOnly, dts: { neverBundle: esmOnly } },
    plugins: [nodeFloorPlugin(), bundledLicenses],
  },
  {
    ...common,
    entry: ['src/cli.ts'],
    format: 'esm',
    dts: false,
    clean: false,
    plugins: [nodeFloorPlugin({ command: true })],
  },
]);
