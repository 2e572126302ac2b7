import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Check } from './checks.ts';
import { CommandFailed, Problem, run } from '../../../scripts/run.ts';
import { clientOf } from './clients.ts';
import { filesOf, type Project } from './projects.ts';

const require = createRequire(import.meta.url);
const { version: newest } = require('typescript/package.json') as { version: string };
const compilerOf = (name: string): string => join(require.resolve(`${name}/package.json`), '../bin/tsc');

const newestMinor = newest.replace(/\.\d+$/, '');

/** The compilers by version: the oldest that is supported, the last written in JavaScript, and the newest. */
const compilers: Readonly<Record<string, string>> = {
  '5.4': compilerOf('typescript-5-oldest'),
  '5.9': compilerOf('typescript-5'),
  [newestMinor]: compilerOf('typescript'),
};

interface Resolution {
  readonly module: string;
  readonly extensions: readonly string[];
  /** A later TypeScript refuses it. */
  readonly endsWith?: string;
}

const resolutions: Readonly<Record<string, Resolution>> = {
  node10: { module: 'commonjs', extensions: ['ts'], endsWith: '5.9' },
  node16: { module: 'node16', extensions: ['mts', 'cts'] },
  nodenext: { module: 'nodenext', extensions: ['mts', 'cts'] },
  bundler: { module: 'esnext', extensions: ['mts'] },
};

/** Which versions of clients each compiler sees where time is short: those that most users have. */
const forMost = new Set(['newest 6', 'newest 5', 'newest redis 4', 'tools']);

interface Compilation {
  readonly version: string;
  readonly resolution: string;
  /** Writes `ioredis.mjs` for `ioredis.mts` and `ioredis.cjs` for `ioredis.cts`: what the machine runs. */
  readonly emit: boolean;
  /** Our declarations, too, and not only what the application makes of them: by the compiler that is fast. */
  readonly declarations: boolean;
}

/** Every compiler with every way to resolve modules, as strict as TypeScript can be; `whole`: also with the oldest clients. */
export function typeChecks(project: Project, whole: boolean): Check[] {
  const clients = [...project.applications, ...project.compiled].map((program) => clientOf(project.kind, program));
  if (clients.length === 0) return [];
  return pairs().flatMap(([version, resolution]) => {
    const emit = version === '5.9' && resolution === 'node16';
    if (!whole && !emit && !forMost.has(project.kind)) return [];
    return {
      name: `types of ${project.title}: TypeScript ${version}, ${resolution}`,
      proves: { way: `TypeScript ${version}, ${resolution}`, clients },
      run: () =>
        compile(project, {
          version,
          resolution,
          emit,
          declarations: version === newestMinor && resolution === 'node16',
        }),
    };
  });
}

function pairs(): [version: string, resolution: string][] {
  return Object.keys(compilers).flatMap((version) =>
    Object.entries(resolutions)
      .filter(([, { endsWith = version }]) => Number(version) <= Number(endsWith))
      .map(([resolution]): [string, string] => [version, resolution]),
  );
}

async function compile({ folder, applications, compiled }: Project, compilation: Compilation): Promise<void> {
  const { version, resolution, emit, declarations } = compilation;
  const { module, extensions } = resolutions[resolution]!;
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    target: 'es2022',
    lib: ['es2023'],
    types: ['node'],
    module,
    moduleResolution: resolution,
    esModuleInterop: true,
    skipLibCheck: !declarations,
    noEmit: !emit,
  };
  const files = [...applications, ...compiled].flatMap((name) => filesOf(name, extensions));
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
