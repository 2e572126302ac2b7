import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './programs.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const homes = [join(folder, 'out'), join(folder, 'older', 'out')];

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

/** Writes each program where its libraries are found. The answer has the files, in order, and the folders to compile. */
export function writePrograms(programs: readonly Program[]): { files: string[]; folders: string[] } {
  for (const home of homes) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(tsconfig));
  }
  const files = programs.map((program) => {
    const file = join(homes[program.older ? 1 : 0] ?? '', fileNameOf(program));
    writeFileSync(file, `${program.source}\nprocess.send?.('${atTheEnd}');\nexport {};\n`);
    return file;
  });
  return { files, folders: homes };
}

/** `packages-ioredis-README.md-11.ts`: what a compiler's message begins with. */
const fileNameOf = ({ name }: Program): string =>
  `${name.replaceAll(/[/:]/g, '-').replace(/\+$/, '-after').replace(/-$/, '-before')}.ts`;
