import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Of an installed package. */
export function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
