import { subset } from 'semver';

interface LockedPackage {
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The part of a package-lock.json that is needed: packages by their folder. */
export interface PackageLock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A sentence for each package that one of ours brings along and that runs on fewer Nodes than ours says it does. */
export function engineProblems(lock: PackageLock, ours: readonly string[]): string[] {
  return ours.flatMap((name) => {
    const promised = lock.packages[`node_modules/${name}`]?.engines?.node ?? '*';
    return [...closure(lock, `node_modules/${name}`)].flatMap((folder) => {
      const needed = lock.packages[folder]?.engines?.node;
      if (needed === undefined || subset(promised, needed)) return [];
      const dependency = folder.replace(/^.*node_modules\//, '');
      return [
        `${name} says that it runs on Node "${promised}", but its ${dependency} on "${needed}" alone: narrow "engines" in its package.json.`,
      ];
    });
  });
}

/** Folders of all that a package depends on, as Node finds it from there: beside it, or further up. */
function closure(lock: PackageLock, start: string): Set<string> {
  const found = new Set<string>([start]);
  for (const folder of found) {
    for (const name of Object.keys(lock.packages[folder]?.dependencies ?? {})) {
      const place = placesFrom(folder).find((prefix) => lock.packages[`${prefix}node_modules/${name}`] !== undefined);
      if (place !== undefined) found.add(`${place}node_modules/${name}`);
    }
  }
  found.delete(start);
  return found;
}

/** "node_modules/a/node_modules/b" -> itself, "node_modules/a", the root; each as a prefix. */
function placesFrom(folder: string): string[] {
  const parts = folder.split('/node_modules/');
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/`), ''];
}
