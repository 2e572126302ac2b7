import { minVersion, satisfies, validRange } from 'semver';
import type { Manifest } from '../../../scripts/workspace.ts';

/** What a user has installed: the versions of both ends of every major that our adapters accept. */
export interface ClientSet {
  readonly name: string;
  /** The applications in consumers/ that run with it. */
  readonly applications: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  /** The package and version that the peer ranges are about, where it is not a dependency itself. */
  readonly peers: Readonly<Record<string, string>>;
}

const both = ['ioredis', 'node-redis'];

/** Exact versions are the oldest of a major, ranges bring its newest. `redis` brings its own version of `@redis/client`. */
export const clientSets: readonly ClientSet[] = [
  set('oldest 6', both, { ioredis: '6.0.0', redis: '6.0.0' }, '6.0.0'),
  set('newest 6', both, { ioredis: '^6.0.0', redis: '^6.0.0' }, '^6.0.0'),
  set('oldest 5', both, { ioredis: '5.3.2', redis: '5.0.0' }, '5.0.0'),
  set('newest 5', both, { ioredis: '^5.3.2', redis: '^5.0.0' }, '^5.0.0'),
  set('oldest redis 4', ['redis-4'], { redis: '4.7.0' }, '1.6.0'),
  set('newest redis 4', ['redis-4'], { redis: '^4.7.0' }, '^1.6.0'),
];

function set(
  name: string,
  applications: readonly string[],
  dependencies: Readonly<Record<string, string>>,
  clientOfRedis: string,
): ClientSet {
  const { redis: _, ...others } = dependencies;
  return { name, applications, dependencies, peers: { ...others, '@redis/client': clientOfRedis } };
}

/** What the support tables call the client of an application: "ioredis 6" for `ioredis` of the set "oldest 6". */
export function clientOf(kind: string, application: string): string {
  const major = /\d+$/.exec(kind)?.[0];
  if (major === undefined) return application === 'tools' ? 'emulator' : application;
  return application.endsWith('ioredis') ? `ioredis ${major}` : `redis ${major}`;
}

/** Sentences for each peer range that leaves out a version that is rehearsed, or takes in one below the oldest rehearsed. */
export function peerProblems(manifests: readonly Manifest[], sets: readonly ClientSet[] = clientSets): string[] {
  return manifests.flatMap(({ name, peerDependencies = {} }) =>
    Object.entries(peerDependencies).flatMap(([peer, range]) => {
      const rehearsed = sets.flatMap(({ peers }) => peers[peer] ?? []);
      if (validRange(range) === null) return [`${name}: "${range}" is no range for its peer ${peer}: correct it.`];
      const left = [...new Set(rehearsed.map(lowest))].filter((version) => !satisfies(version, range));
      const ends = range.split('||').map(lowest);
      const open = ends.filter((end) => !rehearsed.includes(end));
      return [
        ...left.map(
          (version) =>
            `${name}: its peer range "${range}" leaves out ${peer} ${version}, which is rehearsed: widen peerDependencies in its package.json, or take the version out of test/packaging/src/clients.ts.`,
        ),
        ...open.map(
          (end) =>
            `${name}: its peer range "${range}" promises ${peer} ${end}, which nothing rehearses: add it to test/packaging/src/clients.ts, or narrow the range.`,
        ),
      ];
    }),
  );
}

const lowest = (range: string): string => minVersion(range)?.version ?? range;
