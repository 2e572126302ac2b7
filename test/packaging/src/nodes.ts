import { minVersion } from 'semver';
import { nodePackage } from '../../../scripts/node-package.mjs';
import { run } from '../../../scripts/run.ts';

/** The lines of Node that are supported; the newest of each is rehearsed. */
export const nodeMajors: readonly string[] = ['22', '24', '26'];

/** The oldest Node of each alternative of `engines.node`: "^22.17.0 || >=24.2.0" -> 22.17.0, 24.2.0. */
export function oldestNodes(engines: string): string[] {
  return engines.split('||').map((part) => {
    const version = minVersion(part)?.version;
    if (version === undefined) throw new Error(`engines.node: cannot read "${part}".`);
    return version;
  });
}

/** Paths of Nodes by version, which npm fetches from the registry into its own cache. */
export async function nodeBinaries(versions: readonly string[], cwd: string): Promise<Record<string, string>> {
  const binaries: Record<string, string> = {};
  for (const version of new Set(versions)) {
    const args = ['exec', '--yes', `--package=${nodePackage(version)}`, '--', 'node', '-p', 'process.execPath'];
    binaries[version] = (await run('npm', args, { cwd })).trim();
  }
  return binaries;
}
