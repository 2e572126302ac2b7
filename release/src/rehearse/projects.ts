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
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Version by name of all our packages. */
export type Versions = Readonly<Record<string, string>>;

const consumers = fileURLToPath(new URL('../../consumers/', import.meta.url));
const typesOfNode = { '@types/node': '22.20.5' };
const tools = ['@entra-redis/conformance', '@entra-redis/emulator', '@entra-redis/token-manager', 'entra-redis'];

/** The package that an application is about. */
export const packageOf: Readonly<Record<string, string>> = {
  ioredis: '@entra-redis/ioredis',
  'node-redis': '@entra-redis/node-redis',
  'redis-4': '@entra-redis/node-redis',
  tools: '@entra-redis/emulator',
};

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

/** Writes the project and its applications, each as .mts and .cts. */
export async function writeProject({ folder, applications, dependencies }: Project): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'application', version: '1.0.0', private: true, dependencies, devDependencies: typesOfNode };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  for (const application of applications) {
    const source = join(consumers, `${application}.ts`);
    await cp(source, join(folder, `${application}.mts`));
    await cp(source, join(folder, `${application}.cts`));
  }
  await cp(join(consumers, 'azure.mjs'), join(folder, 'azure.mjs'));
}

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
