import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTarball, type Tarball } from './tarballs.ts';
import { tarballProblems } from './inspect.ts';
import { Problem, run } from '../run.ts';
import { publishedPackages, type Workspace } from '../workspace.ts';

interface PublishPlan {
  readonly plan: readonly (readonly PlannedRelease[])[];
}

interface PlannedRelease {
  readonly kind: string;
  readonly name: string;
  readonly access: string;
  readonly tag: string;
  readonly tarball: { readonly path: string };
}

const call = ({ folder, env }: Workspace, command: string, ...args: string[]): Promise<string> =>
  run(command, args, { cwd: folder, env });

/** Where the tarballs of a release wait until they are published, with the plan that says how. */
const packedIn = ({ folder }: Workspace): string => join(folder, 'out', 'release');

/** What there is to do on this commit: changesets make versions; versions that the registry lacks are published. */
export async function mode(workspace: Workspace): Promise<'version' | 'publish' | 'none'> {
  const changesets = globSync('.changeset/*.md', { cwd: workspace.folder });
  const pending = changesets.some((file) => isPending(readFileSync(join(workspace.folder, file), 'utf8')));
  if (pending) return 'version';
  const file = join(workspace.folder, 'out', 'publish-plan.json');
  mkdirSync(join(file, '..'), { recursive: true });
  await call(workspace, 'changeset', 'publish-plan', '--output', file);
  return planIn(file).length > 0 ? 'publish' : 'none';
}

/** Whether a changeset names a package; an empty one only says that a change needs no release. */
export const isPending = (changeset: string): boolean =>
  /: *(?:major|minor|patch)\s*$/m.test(changeset.split('---')[1] ?? '');

/** Changesets become versions and changelogs, which you must commit. */
export async function version(workspace: Workspace): Promise<string[]> {
  await call(workspace, 'changeset', 'version');
  return publishedPackages(workspace.folder).map(({ manifest }) => `${manifest.name} ${manifest.version}`);
}

/** Builds, packs what the registry lacks, and looks into the tarballs. */
export async function pack(workspace: Workspace): Promise<Tarball[]> {
  await call(workspace, 'turbo', 'run', 'build', 'lint:package', '--output-logs=errors-only');
  const folder = packedIn(workspace);
  rmSync(folder, { recursive: true, force: true });
  await call(workspace, 'changeset', 'pack', '--out-dir', folder);
  const releases = planIn(join(folder, 'publish-plan.json'));
  const tarballs: Tarball[] = [];
  for (const { tarball } of releases) tarballs.push(await readTarball(join(folder, tarball.path), folder));
  const problems = tarballProblems(workspace.folder, tarballs);
  if (problems.length > 0) throw new Problem(problems.join('\n'));
  return tarballs;
}

/** Publishes the tarballs, dependencies first, and tags the commit. Without provenance on a registry of our own alone. */
export async function publish(
  workspace: Workspace,
  { provenance }: { readonly provenance: boolean },
): Promise<string[]> {
  const folder = packedIn(workspace);
  const releases = planIn(join(folder, 'publish-plan.json'));
  for (const { access, tag, tarball } of releases) {
    // The flag, since pnpm 12 reads it from neither its environment nor publishConfig.
    const flags = ['--access', access, '--tag', tag, '--no-git-checks', ...(provenance ? ['--provenance'] : [])];
    await call(workspace, 'pnpm', 'publish', join(folder, tarball.path), ...flags);
  }
  await call(workspace, 'changeset', 'git-tag');
  return releases.map(({ name }) => name);
}

function planIn(file: string): PlannedRelease[] {
  const { plan } = JSON.parse(readFileSync(file, 'utf8')) as PublishPlan;
  return plan.flat().filter(({ kind }) => kind === 'publish');
}
