import { join } from 'node:path';
import { run } from '../run.ts';
import { publishedPackages } from '../workspace.ts';
import { readTarball, type Tarball } from './tarball.ts';

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
