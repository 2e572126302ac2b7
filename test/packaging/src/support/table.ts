import type { Combinations } from '../combinations.ts';

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
