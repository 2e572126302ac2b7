import { join } from 'node:path';
import { run } from '../run.ts';
import { type Manifest, publishedPackages } from '../workspace.ts';

export interface Tarball {
  readonly file: string;
  readonly manifest: Manifest;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
}

/** Packs every package of a workspace as it was built. */
export async function packAll(workspace: string, into: string): Promise<Tarball[]> {
  const tarballs: Tarball[] = [];
  for (const { folder, manifest } of publishedPackages(workspace)) {
    const file = join(into, `${manifest.name.replace('@', '').replace('/', '-')}.tgz`);
    await run('pnpm', ['pack', '--out', file], { cwd: folder });
    tarballs.push(await readTarball(file, into));
  }
  return tarballs;
}

export async function readTarball(file: string, cwd: string): Promise<Tarball> {
  const listed = await run('tar', ['-tzf', file], { cwd });
  const text = await run('tar', ['-xzOf', file, 'package/package.json'], { cwd });
  const files = listed.split('\n').filter((path) => path !== '' && !path.endsWith('/'));
  return {
    file,
    manifest: JSON.parse(text) as Manifest,
    files: files.map((path) => path.replace(/^package\//, '')).sort(),
  };
}
