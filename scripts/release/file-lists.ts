import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tarball } from './tarball.ts';

/** The committed list of a package's files: docs/package-files/ioredis.txt for @entra-redis/ioredis. */
const listOf = (workspace: string, name: string): string =>
  join(workspace, 'docs', 'package-files', `${name.replace('@entra-redis/', '')}.txt`);

export function writeFileList(workspace: string, { manifest, files }: Tarball): void {
  writeFileSync(listOf(workspace, manifest.name), `${files.join('\n')}\n`);
}

/** A sentence for each file that a tarball has beyond its committed list, or lacks. */
export function fileListProblems(workspace: string, { manifest, files }: Tarball): string[] {
  const list = listOf(workspace, manifest.name);
  let committed: string[];
  try {
    committed = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [`${manifest.name} has no list of its files: run "npm run package-files", look at it, commit it.`];
  }
  return compareFiles(manifest.name, committed, files);
}

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
