import { fileListProblems } from './file-lists.ts';
import { manifestProblems } from './manifests.ts';
import type { Tarball } from './tarball.ts';

/** Sentences about what a release holds; none where it is as it must be. */
export function tarballProblems(workspace: string, tarballs: readonly Tarball[]): string[] {
  return [
    ...tarballs.flatMap((tarball) => fileListProblems(workspace, tarball)),
    ...manifestProblems(tarballs.map(({ manifest }) => manifest)),
  ];
}
