import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './programs.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const parents = [join(folder, 'out'), join(folder, 'older', 'out')];

/** Told to the parent when the last line of a program has run. */
export const atTheEnd = 'at the end';

/** What a user's project has. */
const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    erasableSyntaxOnly: true,
  },
  include: ['.'],
};

export interface Written {
  /** A file for each program, in order. */
  readonly files: readonly string[];
  /** The folders to compile. */
  readonly folders: readonly string[];
  readonly remove: () => void;
}

/** Writes each program where its libraries are found, into folders of this run alone. */
export function writePrograms(programs: readonly Program[]): Written {
  const folders = parents.map((parent) => {
    mkdirSync(parent, { recursive: true });
    const home = mkdtempSync(join(parent, 'programs-'));
    writeFileSync(join(home, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(tsconfig));
    return home;
  });
  const files = programs.map((program) => {
    const file = join(folders[program.older ? 1 : 0] ?? '', fileNameOf(program));
    writeFileSync(file, `${withVitest(program.source)}\nprocess.send?.('${atTheEnd}');\nexport {};\n`);
    return file;
  });
  const remove = (): void => {
    for (const home of folders) rmSync(home, { recursive: true });
  };
  return { files, folders, remove };
}

/** Jest is not installed here: Vitest has the same functions, under the same names. */
export const withVitest = (source: string): string => source.replace("'@jest/globals'", "'vitest'");

/** `packages-ioredis-README.md-11.ts`: what a compiler's message begins with. */
const fileNameOf = ({ name }: Program): string =>
  `${name.replaceAll(/[/:]/g, '-').replace(/\+$/, '-after').replace(/-$/, '-before')}.ts`;
