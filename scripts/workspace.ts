import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | { readonly import: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface PublishedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

/** The packages of a workspace that go to the registry, in the order of their names. */
export function publishedPackages(workspace: string = root): PublishedPackage[] {
  const files = globSync(['packages/*/package.json', 'conformance/package.json'], { cwd: workspace });
  return files
    .map((file) => ({ folder: join(workspace, dirname(file)), manifest: readManifest(join(workspace, file)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => a.manifest.name.localeCompare(b.manifest.name));
}

/** A folder with a workspace whose dependencies are installed, and the environment for its commands. */
export interface Workspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

export const workspaceIn = (folder: string, env: NodeJS.ProcessEnv): Workspace => ({
  folder,
  env: { ...env, PATH: [join(folder, 'node_modules', '.bin'), env['PATH']].join(delimiter) },
});

/** Copies what is or could be committed (changes that are not yet, too) and commits it there, for the tools that ask git. */
export async function copyWorkspace(from: string, to: string): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: from });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(from, file)));
  for (const file of files) await cp(join(from, file), join(to, file));
  const git = (...args: string[]): Promise<string> => run('git', args, { cwd: to });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost', '-c', 'commit.gpgsign=false'];
  await git(...author, 'commit', '--quiet', '--no-verify', '--message', 'The workspace as it is');
}
