import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checks } from './checks.ts';
import type { Tarball } from '../../../scripts/release/tarballs.ts';
import { pack, publish, version } from '../../../scripts/release/steps.ts';
import { CommandFailed, Problem, run } from '../../../scripts/run.ts';
import { copyWorkspace, publishedPackages, workspaceIn } from '../../../scripts/workspace.ts';
import { startAzure } from './azure.ts';
import { bundleChecks } from './bundles.ts';
import { peerProblems } from './clients.ts';
import { commandChecks, commandsOnNodes } from './commands.ts';
import { engineProblems, type PackageLock } from './engines.ts';
import { loginChecks, type Machine } from './logins.ts';
import { cleanEnvironment, packageManagers } from './managers.ts';
import { nodeBinaries, nodeMajors, oldestNodes } from './nodes.ts';
import { copyCompiled, planProjects, planRunners, type Project, writeProject } from './projects.ts';
import { refusalChecks, tooOldNode } from './refusals.ts';
import { type Registry, startRegistry } from './registry.ts';
import { resolverChecks } from './resolvers.ts';
import { runnerChecks } from './runners.ts';
import { typeChecks } from './types.ts';

export interface Rehearsal {
  readonly checks: Checks;
  /** An empty folder for all that the rehearsal writes. */
  readonly folder: string;
  /** The checkout that is rehearsed. */
  readonly from: string;
  /** One package manager instead of all: for those who have 20 minutes for everything. */
  readonly only?: string | undefined;
}

export async function rehearse({ checks, folder, from, only }: Rehearsal): Promise<void> {
  const upstream = (await run('npm', ['config', 'get', 'registry'], { cwd: from })).trim();
  const registry = await startRegistry(join(folder, 'registry'), upstream);
  try {
    const tarballs = await release(checks, { from, to: join(folder, 'workspace'), registry });
    const projects = await install(checks, { folder, registry, tarballs, only });
    await use(checks, { folder, projects, tarballs, whole: only === undefined });
  } finally {
    await registry.close();
  }
}

/** The whole pipeline, in a copy of the workspace. */
async function release(checks: Checks, { from, to, registry }: { from: string; to: string; registry: Registry }) {
  const workspace = workspaceIn(to, { ...cleanEnvironment(), NPM_CONFIG_USERCONFIG: registry.npmrc });
  await checks.step('copy of the workspace, with its dependencies', async () => {
    await copyWorkspace(from, to);
    const fromHere = { ...workspace.env };
    delete fromHere['NPM_CONFIG_USERCONFIG'];
    await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: to, env: fromHere });
  });
  await checks.step('versions from changesets', async () => {
    await version(workspace);
    // The version commit has to pass the checks, too.
    const manifests = publishedPackages(to).map((published) => join(published.folder, 'package.json'));
    await run('biome', ['format', ...manifests], { cwd: to, env: workspace.env });
  });
  const tarballs = await checks.step('build, publint, are-the-types-wrong, tarballs with their committed files', () =>
    pack(workspace),
  );
  await checks.step('peer ranges are those that are rehearsed', async () => {
    const problems = peerProblems(publishedPackages(to).map(({ manifest }) => manifest));
    if (problems.length > 0) throw new Problem(problems.join('\n'));
  });
  await checks.step('publishing asks for provenance, which there is none of here', async () => {
    const refusal = await publish(workspace, { provenance: true }).catch((error: unknown) => error);
    if (refusal instanceof CommandFailed && /PROVENANCE/.test(refusal.output)) return;
    throw new Problem(`"pnpm publish" did not try to prove where the packages come from: ${String(refusal)}`);
  });
  await checks.step('published to the registry on loopback', () => publish(workspace, { provenance: false }));
  return tarballs;
}

/** Of the runners, those that even the shortest rehearsal has. */
const chosenRunners = ['jest-30', 'runners'];

interface Installing {
  readonly folder: string;
  readonly registry: Registry;
  readonly tarballs: readonly Tarball[];
  readonly only: string | undefined;
}

async function install(checks: Checks, { folder, registry, tarballs, only }: Installing): Promise<Project[]> {
  const all = packageManagers(registry, join(folder, 'caches'));
  const managers = all.filter(({ name }) => only === undefined || name === only);
  if (managers.length === 0)
    throw new Error(`--only ${only}: it takes one of ${all.map(({ name }) => name).join(', ')}.`);
  const versions = Object.fromEntries(tarballs.map(({ manifest }) => [manifest.name, manifest.version]));
  const within = join(folder, 'projects');
  const pnpm = managers.find(({ name }) => name === 'pnpm');
  const projects = [
    ...planProjects(within, managers, versions),
    ...(pnpm === undefined ? [] : planRunners(within, pnpm, versions, only === undefined ? undefined : chosenRunners)),
  ];
  for (const project of projects) await writeProject(project);
  for (const { name } of managers) {
    const own = projects.filter(({ manager }) => manager.name === name);
    await checks.phase(
      `installed by ${name}`,
      own.map((project) => ({
        name: `install for ${project.title}`,
        run: () => installs(project),
      })),
    );
  }
  return projects;
}

async function installs({ manager, folder, dependencies }: Project): Promise<void> {
  await manager.install(folder).catch((error: unknown) => {
    if (!(error instanceof CommandFailed)) throw error;
    const wanted = Object.entries(dependencies).map(([name, range]) => `${name}@${range}`);
    throw new Problem(
      `${manager.name} refuses ${wanted.join(' ')}: look at dependencies, peerDependencies and engines of ours.\n${error.message}`,
    );
  });
}

interface Using {
  readonly folder: string;
  readonly projects: readonly Project[];
  readonly tarballs: readonly Tarball[];
  readonly whole: boolean;
}

async function use(checks: Checks, { folder, projects, tarballs, whole }: Using): Promise<void> {
  const by = (manager: string): Project[] => projects.filter((project) => project.manager.name === manager);
  const tools = projects.find(({ kind }) => kind === 'tools')!;
  if (tools.manager.name === 'npm') {
    await checks.phase('engines', [{ name: 'engines of our packages', run: () => checkEngines(tools, tarballs) }]);
  }
  // pnpm's layout is the strictest that compilers understand.
  await checks.phase(
    'types',
    by('pnpm').flatMap((project) => typeChecks(project, whole)),
  );
  await copyCompiled(by('pnpm'), projects);
  const engines = Object.fromEntries(
    tarballs.map(({ manifest }) => [manifest.name, manifest.engines?.['node'] ?? '*']),
  );
  const machine = await checks.step('Nodes', () => nodesFor(engines, folder));
  const azure = await startAzure(tools.folder);
  try {
    const all = { ...machine, engines, azure: azure.env };
    for (const manager of ['npm', 'pnpm', 'yarn']) {
      await checks.phase(
        `logins, installed by ${manager}`,
        by(manager).flatMap((project) => loginChecks(project, all)),
      );
    }
    const newest = by('pnpm').filter(({ kind }) => /^newest|^tools/.test(kind));
    await checks.phase(
      'refusals',
      newest.flatMap((project) => refusalChecks(project, all)),
    );
    await checks.phase('paths without exports', newest.flatMap(resolverChecks));
    const bundled = by('pnpm').filter(({ kind }) => (whole ? /\d$/.test(kind) : kind === 'newest 6'));
    await checks.phase(
      'bundles',
      bundled.flatMap((project) => bundleChecks(project, all, join(folder, 'bundles'), whole)),
    );
    await checks.phase(
      'runners',
      by('pnpm').flatMap((project) => runnerChecks(project, all)),
    );
    const withTools = projects.filter(({ kind }) => kind === 'tools');
    const onNodes = withTools.filter(({ manager }) => manager.name === 'pnpm');
    await checks.phase('commands', [
      ...withTools.flatMap(commandChecks),
      ...onNodes.flatMap((project) => commandsOnNodes(project, all)),
    ]);
  } finally {
    await azure.close();
  }
}

async function nodesFor(engines: Machine['engines'], folder: string): Promise<Omit<Machine, 'engines' | 'azure'>> {
  const newest = await nodeBinaries(nodeMajors, folder);
  const oldest = await nodeBinaries(Object.values(engines).flatMap(oldestNodes), folder);
  const { [tooOldNode]: tooOld } = await nodeBinaries([tooOldNode], folder);
  return { newest, oldest, tooOld: tooOld! };
}

async function checkEngines(tools: Project, tarballs: readonly Tarball[]): Promise<void> {
  const lock = JSON.parse(await readFile(join(tools.folder, 'package-lock.json'), 'utf8')) as PackageLock;
  const names = tarballs.map(({ manifest }) => manifest.name);
  const problems = engineProblems(lock, names);
  if (problems.length > 0) throw new Problem(problems.join('\n'));
}
