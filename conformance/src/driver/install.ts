import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../package-folder.ts';
import type { ManifestFile } from './manifest.ts';

/** Ignored by git, biome and the rest. */
export const installedFolder = ({ name, manifest: { install } }: ManifestFile): string =>
  packagePath('..', '.tools', 'foreign', install?.as ?? name);

/** The words of a command of `driver.json`, with their places filled in. */
export const commandOf = (file: ManifestFile, words: readonly string[] = file.manifest.command): readonly string[] =>
  words.map((word, index) =>
    index === 0 && word === 'node' ? process.execPath : word.replaceAll('{installed}', installedFolder(file)),
  );

/** Of what it is installed from: another digest means that it is to be installed again. */
export function digestOf({ folder, manifest: { install } }: ManifestFile): string {
  const hash = createHash('sha256').update(JSON.stringify(install?.steps ?? []));
  for (const glob of install?.from ?? []) {
    const files = globSync(glob, { cwd: folder }).sort();
    if (files.length === 0) throw new Error(`${folder}/driver.json: install.from: ${glob} names no file`);
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

/** Written last, so that an installation that broke off is none. */
export const stampOf = (file: ManifestFile): string => join(installedFolder(file), 'installed-from');

export function isInstalled(file: ManifestFile): boolean {
  if (file.manifest.install === undefined) return true;
  const stamp = stampOf(file);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOf(file);
}
