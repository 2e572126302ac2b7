import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Check, Problem } from '../checks.ts';
import { CommandFailed, run } from '../run.ts';
import type { Project } from './projects.ts';

const require = createRequire(import.meta.url);
const { version: newest } = require('typescript/package.json') as { version: string };
const compilerOf = (name: string): string => join(require.resolve(`${name}/package.json`), '../bin/tsc');

/** The compilers by version: the oldest that is supported, and the newest. */
const compilers: Readonly<Record<string, string>> = {
  '5.9': compilerOf('typescript-5'),
  [newest]: compilerOf('typescript'),
};

const resolutions: Readonly<Record<string, { module: string; extensions: readonly string[] }>> = {
  node16: { module: 'node16', extensions: ['mts', 'cts'] },
  nodenext: { module: 'nodenext', extensions: ['mts', 'cts'] },
  bundler: { module: 'esnext', extensions: ['mts'] },
};

interface Compilation {
  readonly version: string;
  readonly resolution: string;
  /** Writes `ioredis.mjs` for `ioredis.mts` and `ioredis.cjs` for `ioredis.cts`: what the machine runs. */
  readonly emit: boolean;
  /** Our declarations, too, and not only what the application makes of them: by the compiler that is fast. */
  readonly declarations: boolean;
}

/** Every compiler with every way to resolve modules, as strict as TypeScript can be. */
export function typeChecks(project: Project): Check[] {
  return Object.keys(compilers).flatMap((version) =>
    Object.keys(resolutions).map((resolution) => ({
      name: `types of ${project.title}: TypeScript ${version}, ${resolution}`,
      run: () =>
        compile(project, {
          version,
          resolution,
          emit: version === '5.9' && resolution === 'node16',
          declarations: version === newest && resolution === 'node16',
        }),
    })),
  );
}

async function compile({ folder, applications }: Project, compilation: Compilation): Promise<void> {
  const { version, resolution, emit, declarations } = compilation;
  const { module, extensions } = resolutions[resolution]!;
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    module,
    moduleResolution: resolution,
    skipLibCheck: !declarations,
    noEmit: !emit,
  };
  const files = applications.flatMap((name) => extensions.map((extension) => `${name}.${extension}`));
  const file = `tsconfig.${version}.${resolution}.json`;
  await writeFile(join(folder, file), JSON.stringify({ compilerOptions, files }, undefined, 2));
  try {
    await run(process.execPath, [compilers[version]!, '--project', file, '--pretty', 'false'], { cwd: folder });
  } catch (error) {
    const ours = error instanceof CommandFailed ? complaints(error.output) : undefined;
    if (ours === undefined) throw error;
    if (ours.length > 0) {
      throw new Problem(
        `A user's program does not compile: correct our types, then rehearse again.\n${ours.join('\n')}`,
      );
    }
  }
}

/** What a compiler says about the user's program and about our declarations; those of others are not for us to mend. */
export function complaints(output: string): string[] | undefined {
  const lines = output.split('\n').filter((line) => /\berror TS\d+/.test(line));
  if (lines.length === 0) return undefined;
  return lines.filter(
    (line) => !/node_modules\//.test(line) || /node_modules\/(@entra-redis|entra-redis)\//.test(line),
  );
}
