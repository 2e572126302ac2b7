import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { library, nodeFloorPlugin } from '@entra-redis/config/tsdown';

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

export default [
  library({
    // The process that starts servers is a file of its own, beside whatever starts it.
    entry: {
      ...entries,
      'launcher-main': fileURLToPath(import.meta.resolve('@entra-redis/redis-server/launcher-main')),
    },
    format: 'esm',
  }),
  library({
    entry: entries,
    format: 'cjs',
    clean: false,
    deps: {
      alwaysBundle: esmOnly,
      onlyBundle: esmOnly,
      dts: { neverBundle: esmOnly },
    },
    plugins: [nodeFloorPlugin(), bundledLicenses],
  }),
];
