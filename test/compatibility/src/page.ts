import { libraries } from './libraries/index.ts';
import type { Limits, Report } from './run.ts';
import { versionOf } from './versions.ts';

/** A library that no version of a supported client can serve. */
const unsupported = [
  [
    'bee-queue',
    'It uses redis 3, which has no way to authenticate a live connection again. BullMQ and Bull are close to it.',
  ],
];

/** docs/reports/compatibility.md, from the reports of a run. */
export function toPage(reports: ReadonlyMap<string, Report>, { lifetimeMs, seconds }: Limits): string {
  const rows = [...reports].map(([name, report]) => rowOf(name, report));
  return `# Libraries that were run through the adapters

Each library ran for ${seconds} s on a real Redis server that accepts only Entra tokens, with tokens that live ${lifetimeMs / 1000} s and the real
\`@azure/identity\` in front of a local Entra. A library passes if no use of it failed, every connection renewed its login in place, the server closed no
connection because its token expired, and the process ended by itself. Not run on Azure.

\`npm run compatibility -- --docs docs/reports\` writes this page; a nightly workflow runs it.

| library | client | uses | connections | renewals of each | result |
|---|---|---|---|---|---|
${rows.join('\n')}

How each one is connected: [test/compatibility/src/libraries](../../test/compatibility/src/libraries).

## Not supported
${unsupported.map(([name, why]) => `- **${name}**: ${why}`).join('\n')}
`;
}

function rowOf(name: string, { steps, connections, rotations, failures }: Report): string {
  const { client, packages } = libraries[name] as (typeof libraries)[string];
  const tried = packages.map((each) => `${each} ${versionOf(each)}`).join(', ');
  const result = failures.length === 0 ? 'passes' : `**fails**: ${failures[0]?.split('\n')[0]}`;
  return `| ${tried} | ${client} | ${steps} | ${connections} | ${rotations} | ${result} |`;
}
