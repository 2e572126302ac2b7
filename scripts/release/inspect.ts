import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, publishedPackages } from '../workspace.ts';
import type { Tarball } from './tarballs.ts';

/** Sentences about what a release holds; none where it is as it must be. */
export function tarballProblems(workspace: string, tarballs: readonly Tarball[]): string[] {
  return [
    ...tarballs.flatMap(({ manifest, files }) =>
      compareFiles(manifest.name, committedFiles(workspace, manifest), files),
    ),
    ...manifestProblems(tarballs.map(({ manifest }) => manifest)),
  ];
}

/** The committed list of a package's files, beside the package. */
function listOf(workspace: string, { name }: Manifest): string {
  const { folder } = publishedPackages(workspace).find(({ manifest }) => manifest.name === name)!;
  return join(folder, 'review', 'files.txt');
}

export function writeFileList(workspace: string, { manifest, files }: Tarball): void {
  writeFileSync(listOf(workspace, manifest), `${files.join('\n')}\n`);
}

function committedFiles(workspace: string, manifest: Manifest): string[] {
  try {
    return readFileSync(listOf(workspace, manifest), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** A sentence for each file that a tarball has beyond its committed list, or lacks. */
export function compareFiles(name: string, committed: readonly string[], packed: readonly string[]): string[] {
  const remedy = 'if that is meant, run "npm run package-files", look at the diff, commit it.';
  return [
    ...committed
      .filter((file) => !packed.includes(file))
      .map((file) => `The tarball of ${name} lacks ${file}: look at "files" and the build; ${remedy}`),
    ...packed
      .filter((file) => !committed.includes(file))
      .map((file) => `The tarball of ${name} has ${file}, which is not in its list: ${remedy}`),
  ];
}

/** Sentences about manifests as they are in the tarballs. */
export function manifestProblems(manifests: readonly Manifest[]): string[] {
  const versions = new Map(manifests.map(({ name, version }) => [name, version]));
  return manifests.flatMap(({ name, dependencies = {}, peerDependencies = {} }) =>
    Object.entries({ ...dependencies, ...peerDependencies }).flatMap(([dependency, range]) => {
      if (/^(workspace|catalog|file|link):/.test(range)) {
        return [`${name} was packed with ${dependency} "${range}", which no registry knows: pack it with pnpm.`];
      }
      const version = versions.get(dependency);
      if (version === undefined || range === `^${version}`) return [];
      return [
        `${name} wants ${dependency} "${range}" and not "^${version}": write "workspace:^", so that a user gets one copy of it.`,
      ];
    }),
  );
}
