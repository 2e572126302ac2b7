import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('@entra-redis/conformance/package.json'));

/** A file or folder of this package, from its sources as well as from `dist`. */
export const packagePath = (...names: readonly string[]): string => join(folder, ...names);
