import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The file of --write-env, and the files that it names next to it. */
export interface EnvFile {
  readonly path: string;
  write(variables: Readonly<Record<string, string>>): void;
  /** Removes all of them. */
  remove(): void;
}

/** The first line of our file. */
const mark = '# Made by entra-redis emulate.';

export const authoritiesBeside = (path: string): string => `${resolve(path)}.pem`;
export const assertionBeside = (path: string): string => `${resolve(path)}.jwt`;

/** Makes the file. Throws where one of them is there that is not ours, and where it cannot be written. */
export function reserveEnvFile(path: string): EnvFile {
  // The file that says whose they are goes last.
  const all = [authoritiesBeside(path), assertionBeside(path), path];
  const taken = isOurs(path) ? undefined : all.find((each) => existsSync(each));
  if (taken !== undefined)
    throw new Error(`--write-env: ${taken} exists already, and the emulator did not write it: choose another name.`);
  let text = '';
  const write = (variables: Readonly<Record<string, string>>): void => {
    text = [mark, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ''].join('\n');
    try {
      writeFileSync(path, text);
    } catch (cause) {
      const { code } = cause as { code?: string };
      throw new Error(`--write-env ${path} cannot be written (${code}): choose another place.`, { cause });
    }
  };
  const remove = (): void => {
    // Another emulator may have taken the name over.
    if (existsSync(path) && readFileSync(path, 'utf8') !== text) return;
    for (const each of all) rmSync(each, { force: true });
  };
  write({});
  return { path, write, remove };
}

function isOurs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').startsWith(mark);
  } catch {
    return false;
  }
}
