import { readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientSet, clientSets } from './clients.ts';
import type { PackageManager } from './managers.ts';

/** A project of a user, that holds nothing but what the README tells to install. */
export interface Project {
  readonly title: string;
  readonly folder: string;
  readonly manager: PackageManager;
  /** What it is for: a set of clients, or 'tools'. */
  readonly kind: string;
  readonly applications: readonly string[];
  /** Programs that are compiled and not run. */
  readonly compiled: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Folders in consumers/ whose files it has, too. */
  readonly sources: readonly string[];
}

/** Version by name of all our packages. */
export type Versions = Readonly<Record<string, string>>;

const consumers = fileURLToPath(new URL('../consumers/', import.meta.url));
const typesOfNode = { '@types/node': '22.20.5' };
const tools = ['@entra-redis/conformance', '@entra-redis/emulator', '@entra-redis/token-manager', 'entra-redis'];

/** The package that an application is about. */
export const packageOf: Readonly<Record<string, string>> = {
  ioredis: '@entra-redis/ioredis',
  'node-redis': '@entra-redis/node-redis',
  'redis-4': '@entra-redis/node-redis',
  tools: '@entra-redis/emulator',
};

/** What is compiled beside an application: mistakes that have to be errors, and what the compiler alone looks at. */
const alsoCompiled: Readonly<Record<string, string>> = {
  ioredis: 'mistakes-ioredis',
  'node-redis': 'mistakes-node-redis',
  'redis-4': 'mistakes-redis-4',
  tools: 'conformance',
};

/** What runs the packages in other ways than Node does alone: consumers/<name>/package.json, with the sources that it has. */
const runners: Readonly<Record<string, readonly string[]>> = {
  'jest-29': ['support', 'jest'],
  'jest-30': ['support', 'jest'],
  runners: ['support', 'runners'],
  runtimes: [],
};
const libraries = [
  '@entra-redis/emulator',
  '@entra-redis/ioredis',
  '@entra-redis/node-redis',
  '@entra-redis/token-manager',
];

/** The projects of test runners and other runtimes, without what `chosen` leaves out. */
export function planRunners(
  within: string,
  manager: PackageManager,
  versions: Versions,
  chosen?: readonly string[],
): Project[] {
  return Object.entries(runners)
    .filter(([kind]) => chosen === undefined || chosen.includes(kind))
    .map(([kind, sources]) => {
      const { dependencies, devDependencies } = manifestOf(kind);
      const ours = Object.fromEntries(libraries.map((name) => [name, versions[name] ?? 'latest']));
      return {
        title: `${kind}, ${manager.name}`,
        folder: join(within, `${manager.name}-${kind}`),
        manager,
        kind,
        applications: [],
        compiled: [],
        dependencies: { ...ours, ...dependencies },
        devDependencies,
        sources,
      };
    });
}

const manifestOf = (kind: string): Pick<Project, 'dependencies' | 'devDependencies'> =>
  JSON.parse(readFileSync(join(consumers, kind, 'package.json'), 'utf8')) as Project;

/** One project for each package manager and set of clients, and one for each package manager with the tools. */
export function planProjects(within: string, managers: readonly PackageManager[], versions: Versions): Project[] {
  const project = (
    manager: PackageManager,
    kind: string,
    applications: readonly string[],
    names: readonly string[],
  ) => ({
    title: `${kind}, ${manager.name}`,
    folder: join(within, `${manager.name}-${kind.replaceAll(' ', '-')}`),
    manager,
    kind,
    applications,
    compiled: applications.map((name) => alsoCompiled[name]).filter((name) => name !== undefined),
    devDependencies: typesOfNode,
    sources: [],
    dependencies: Object.fromEntries(names.map((name) => [name, versions[name] ?? 'latest'])),
  });
  const withClients = (manager: PackageManager, { name, applications, dependencies }: ClientSet): Project => {
    const names = [
      '@entra-redis/token-manager',
      ...applications.flatMap((application) => packageOf[application] ?? []),
    ];
    const bare = project(manager, name, applications, names);
    return { ...bare, dependencies: { ...bare.dependencies, ...dependencies } };
  };
  return managers.flatMap((manager) => [
    ...clientSets.map((set) => withClients(manager, set)),
    project(manager, 'tools', ['tools'], tools),
  ]);
}

/** Writes the project and its programs, each in every form that a compiler takes. */
export async function writeProject(project: Project): Promise<void> {
  const { folder, applications, compiled, dependencies, devDependencies, sources } = project;
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'application', version: '1.0.0', private: true, dependencies, devDependencies };
  for (const source of sources) await cp(join(consumers, source), folder, { recursive: true });
  if (sources.includes('jest')) await writeFile(join(folder, 'page.test.ts'), testOfPage());
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  const programs = [...applications, ...compiled, ...(applications.length === 0 ? ['rotation'] : [])];
  for (const program of programs) {
    for (const file of filesOf(program, ['ts', 'mts', 'cts'])) {
      await cp(join(consumers, `${program}.ts`), join(folder, file));
    }
  }
  await cp(join(consumers, 'azure.mjs'), join(folder, 'azure.mjs'));
}

/** What docs/testing.md tells users of Jest to write. */
function testOfPage(): string {
  const page = readFileSync(new URL('../../../docs/testing.md', import.meta.url), 'utf8');
  const [, test] = /^```ts id=jest\b.*\n([^]*?)^```$/m.exec(page) ?? [];
  if (test === undefined) throw new Error('docs/testing.md has no block with id=jest.');
  return test;
}

/** The files of a program. What uses the suite is no CommonJS: the suite is an ES module alone, which TypeScript lets nothing else import. */
export const filesOf = (program: string, extensions: readonly string[]): string[] =>
  extensions
    .filter((extension) => program !== 'conformance' || extension !== 'cts')
    .map((extension) => `${program}.${extension}`);

/** Gives every project what the compiler made of the applications of its kind. */
export async function copyCompiled(from: readonly Project[], to: readonly Project[]): Promise<void> {
  for (const project of to) {
    const compiled = from.find(({ kind }) => kind === project.kind);
    if (compiled === undefined || compiled.folder === project.folder) continue;
    for (const file of project.applications.flatMap((name) => [`${name}.mjs`, `${name}.cjs`])) {
      await cp(join(compiled.folder, file), join(project.folder, file));
    }
  }
}
