import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Combinations, readCombinations } from '../combinations.ts';
import { supportTable } from './table.ts';

const clients = ['ioredis 6', 'ioredis 5', 'redis 6', 'redis 5', 'redis 4'];

/** The pages with a support table, each with the rows of it. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'docs/support.md': clients,
  'packages/token-manager/README.md': clients,
  'packages/ioredis/README.md': ['ioredis 6', 'ioredis 5'],
  'packages/node-redis/README.md': ['redis 6', 'redis 5', 'redis 4'],
  'packages/emulator/README.md': ['emulator'],
  'packages/cli/README.md': ['entra-redis'],
  'conformance/README.md': ['conformance'],
};

// The table stands between two comments, which no reader sees.
const place = /(?<=<!-- support -->\n)[^]*?(?=<!-- \/support -->)/;

/** A sentence for each page whose table is not what a whole rehearsal runs. */
export function supportProblems(workspace: string, combinations: Combinations): string[] {
  return Object.entries(pages).flatMap(([page, rows]) => {
    const found = place.exec(readFileSync(join(workspace, page), 'utf8'))?.[0];
    if (found === undefined) return [`${page} has no place for the support table: two comments, support and /support.`];
    if (found.trim() === supportTable(combinations, rows)) return [];
    return [`The support table in ${page} is not what test/packaging/combinations.json says: run "npm run support".`];
  });
}

export function writeSupport(workspace: string): void {
  const { whole } = readCombinations(workspace);
  for (const [page, rows] of Object.entries(pages)) {
    const file = join(workspace, page);
    const text = readFileSync(file, 'utf8').replace(place, `${supportTable(whole, rows)}\n`);
    writeFileSync(file, text);
  }
}
