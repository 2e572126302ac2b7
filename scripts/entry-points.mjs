// Every import path of every published package, with its built types.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {{ path: string, name: string, types: string, folder: string, manifest: string }[]} `path` is what users import, `name` a file name */
export function entryPoints() {
  return [...globSync('packages/*/package.json', { cwd: root }), 'conformance/package.json'].sort().flatMap((file) => {
    const manifest = join(root, file);
    const folder = join(manifest, '..');
    const { name, exports = {}, private: hidden } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (hidden) return [];
    return Object.entries(exports).flatMap(([subpath, target]) => {
      const module = typeof target === 'string' ? target : target.import;
      const types = join(folder, module.replace(/\.js$/, '.d.ts'));
      if (!module.endsWith('.js') || !existsSync(types)) return [];
      const path = `${name}${subpath.slice(1)}`;
      return [{ path, name: path.replace('@entra-redis/', '').replaceAll('/', '-'), types, folder, manifest }];
    });
  });
}
