import { major, satisfies } from 'semver';

/** The clients whose newest releases the nightly run takes. */
export const clientPackages: readonly string[] = ['@redis/client', 'bullmq', 'ioredis', 'redis'];

export interface Replacement {
  readonly text: string;
  /** "ioredis 6.0.0 -> 6.1.0" */
  readonly changes: readonly string[];
}

/**
 * Puts the newest release wherever a manifest or the catalog names a client: `ioredis: 6.0.0` becomes the newest of all, the alias
 * `"ioredis-5": "npm:ioredis@5.11.1"` the newest 5. Oldest versions stay, and so do the peer ranges.
 */
export function withNewest(text: string, releases: Readonly<Record<string, readonly string[]>>): Replacement {
  const changes: string[] = [];
  const replace = (name: string, version: string, newest: string | undefined): string => {
    if (newest === undefined || newest === version) return version;
    changes.push(`${name} ${version} -> ${newest}`);
    return newest;
  };
  const plain = /^(\s*"?)(@?[a-z][\w/-]*)("?: "?)(\d+\.\d+\.\d+)("?,?)$/gm;
  const alias = /^(\s*"[\w@/-]+(?<!-oldest)": "npm:)(@?[a-z][\w/-]*)(@)(\d+\.\d+\.\d+)(",?)$/gm;
  const replaced = text
    .replace(plain, (line, before: string, name: string, between: string, version: string, after: string) =>
      clientPackages.includes(name)
        ? `${before}${name}${between}${replace(name, version, releases[name]?.at(-1))}${after}`
        : line,
    )
    .replace(alias, (line, before: string, name: string, between: string, version: string, after: string) =>
      clientPackages.includes(name)
        ? `${before}${name}${between}${replace(name, version, newestOf(major(version), releases[name]))}${after}`
        : line,
    );
  return { text: replaced, changes };
}

const newestOf = (line: number, releases: readonly string[] = []): string | undefined =>
  releases.findLast((release) => satisfies(release, `^${line}.0.0`));
