import { run } from '../run.ts';
import type { Manifest } from '../workspace.ts';

export interface Tarball {
  readonly file: string;
  readonly manifest: Manifest;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
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
