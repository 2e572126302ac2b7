// The support tables of the READMEs, from what the whole rehearsal runs: npm run support
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/workspace.ts';
import { type Combinations, readCombinations } from './combinations.ts';

const allClients = ['ioredis 6', 'ioredis 5', 'redis 6', 'redis 5', 'redis 4'];

/** The pages with a support table, each with the rows of it. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'docs/support.md': allClients,
  'packages/token-manager/README.md': allClients,
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

function writeSupport(workspace: string): void {
  const { whole } = readCombinations(workspace);
  for (const [page, rows] of Object.entries(pages)) {
    const file = join(workspace, page);
    const text = readFileSync(file, 'utf8').replace(place, `${supportTable(whole, rows)}\n`);
    writeFileSync(file, text);
  }
}

/** Columns of a support table, each with what it makes of the ways in which a client was used. */
const columns: readonly (readonly [title: string, cell: (ways: readonly string[]) => string])[] = [
  ['Node.js', nodes],
  ['TypeScript', (ways) => parts(ways, /^TypeScript (\S+),/).join(', ')],
  ['module systems', moduleSystems],
  ['bundlers', (ways) => parts(ways, /^(esbuild|webpack \d+|Vite \d+ in SSR mode)/).join(', ')],
  ['test runners', (ways) => parts(ways, /^(Jest \d+|Vitest \d+)/).join(', ')],
  ['also', (ways) => parts(ways, /^(tsx \d+|Bun \S+|Deno \S+),/).join(', ')],
];

/** Markdown of what a rehearsal ran: a row for each client, without columns that are empty. */
export function supportTable(combinations: Combinations, clients: readonly string[]): string {
  const rows = clients.map((client) => {
    const ways = Object.keys(combinations).filter((way) => combinations[way]?.includes(client));
    return { client, cells: columns.map(([, cell]) => cell(ways)) };
  });
  const used = columns.map((_, index) => rows.some(({ cells }) => cells[index] !== ''));
  const line = (first: string, cells: readonly string[]): string =>
    `| ${[first, ...cells.filter((_, index) => used[index])].join(' | ')} |`;
  const titles = columns.map(([title]) => title);
  return [
    line('', titles),
    line('', titles).replace(/[^|]+/g, '---'),
    ...rows.map(({ client, cells }) => line(client, cells)),
  ].join('\n');
}

/** What the pattern's group finds in the ways, each once, in order. */
function parts(ways: readonly string[], pattern: RegExp): string[] {
  const found = ways.flatMap((way) => pattern.exec(way)?.[1] ?? []);
  return [...new Set(found)].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** "22" and "22.12.0" were run: from 22.12 on. */
function nodes(ways: readonly string[]): string {
  const versions = parts(ways, /^Node\.js (\d\S*),/);
  const majors = versions.filter((version) => !version.includes('.'));
  return majors
    .map((major) => versions.find((version) => version.startsWith(`${major}.`))?.replace(/\.0$/, '') ?? major)
    .join(', ');
}

function moduleSystems(ways: readonly string[]): string {
  const formats = parts(ways, /^Node\.js \d\S*, (ES module|CommonJS)/).toReversed();
  const resolutions = parts(ways, /^TypeScript \S+, (\S+)/).map((resolution) => {
    const versions = parts(ways, new RegExp(`^TypeScript (\\S+), ${resolution}$`));
    const all = parts(ways, /^TypeScript (\S+),/);
    return `\`${resolution}\`${versions.length === all.length ? '' : ` (${versions.join(', ')})`}`;
  });
  return [formats.map((format) => `${format}s`.replace('CommonJSs', 'CommonJS')), resolutions]
    .filter(({ length }) => length > 0)
    .map((names) => names.join(', '))
    .join('; ');
}

if (process.argv[1] === import.meta.filename) writeSupport(root);
