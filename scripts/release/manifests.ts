import type { Manifest } from '../workspace.ts';

/** Sentences about manifests as they are in the tarballs. */
export function manifestProblems(manifests: readonly Manifest[]): string[] {
  const versions = new Map(manifests.map(({ name, version }) => [name, version]));
  return manifests.flatMap(({ name, dependencies = {}, peerDependencies = {} }) =>
    Object.entries({ ...dependencies, ...peerDependencies }).flatMap(([dependency, range]) => {
      if (/^(workspace|catalog|file|link):/.test(range)) {
        return [`${name} was packed with ${dependency} "${range}", which no registry knows: pack it with pnpm.`];
      }
      const version = versions.get(dependency);
      if (version === undefined || range === `^${version}`) return [];
      return [
        `${name} wants ${dependency} "${range}" and not "^${version}": write "workspace:^", so that a user gets one copy of it.`,
      ];
    }),
  );
}
