import { toldAgain } from '../runner/held-up.ts';
import { slowestReconnectMs } from '../scenarios/subscriptions.ts';
import type { Outcome } from '../runner/case-result.ts';
import { driverOf, type Recorded } from './record.ts';
import { toldRun } from './results.ts';
import { summaryTable } from './summary.ts';

export const signs: Record<Outcome, string> = {
  pass: '✅',
  'degraded-as-declared': '◐',
  'known-failing': '❌',
  fail: '💥',
  'unexpected-pass': '❗',
  'could-not-run': '–',
};
/** The worst of several cases (RESP versions) is what a cell shows. */
const severity: readonly Outcome[] = [
  'pass',
  'degraded-as-declared',
  'known-failing',
  'could-not-run',
  'unexpected-pass',
  'fail',
];

export const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a), 'pass' as Outcome);

const intro = `How each adapter does in [the test suite](../../conformance), next to its peers and to clients in other languages (\`redis-entraid\` is \`@redis/entraid\`, \`ioredis-recipe\` the
sample code of the Azure SDK). A case is one scenario with one client on one server. This table shows the cases that passed, over all servers:`;

const explanation = `◐: the client lacks a capability, which its driver declares, and an alternative requirement is met. Every other case that did not pass is a known failure, ❌. The
sections below are for one language each, with a table for each server and with the reason for each ◐ and ❌; [the peers](../peers.md) explains N1, T2 and so on.

\`npm run conformance -- --docs docs/reports\` writes this page; every driver runs in its own processes. On one server without TLS, adapters run with RESP2 and RESP3, and a cell
shows the worse result. Peers, and the scenarios about connections on the other servers, run with the newest protocol of the client. For a peer that fails only sometimes (\`flaky\` in its
list), the page shows this run. ❌ is a failure with the expected error of the list of known failures; a failure with another error is 💥. ◐ of \`reauth/subscriber-resp2\`: messages that are
published while the subscriber reconnects, for ${slowestReconnectMs} ms at most each time, may be lost, and no others.`;

/** Where and when results were measured: by run, and by what the driver ran on. */
function origin(results: readonly Recorded[]): string {
  const origins = unique(results.map(toldOrigin));
  return origins
    .map((told) => `- ${results.filter((result) => toldOrigin(result) === told).length} cases: ${told}`)
    .join('\n');
}

function toldOrigin({ run, runtime, packages = {}, ...result }: Recorded): string {
  const measured = run === undefined ? 'an unnamed run' : toldRun(run);
  if (result.language === undefined) return measured;
  const more = Object.entries(packages).map(([name, version]) => ` and ${name} ${version}`);
  return `${driverOf(result)}${more.join('')}${runtime === undefined ? '' : `, ${runtime}`}: ${measured}`;
}

/** Of our adapters and their peers. */
const ownLanguage = 'Node.js';
const languageOf = ({ language = ownLanguage }: Recorded): string => language;

/**
 * `matrix.md`: a section for each language; scenarios down, drivers across, one table for each target; deterministic, so that a change
 * shows in a diff.
 */
export function toMatrix(results: readonly Recorded[]): string {
  const languages = unique([ownLanguage, ...results.map(languageOf).toSorted()]);
  const sections = languages.map((language) =>
    ofLanguage(
      language,
      results.filter((r) => languageOf(r) === language),
    ),
  );
  const legend = Object.entries(signs).map(([outcome, sign]) => `${sign} ${outcome}`);
  const head = [intro, summaryTable(results), legend.join(' · '), explanation];
  return `# Conformance\n\n${head.join('\n\n')}\n${sections.join('')}`;
}

function ofLanguage(language: string, results: readonly Recorded[]): string {
  if (results.length === 0) return '';
  const tables = unique(results.map((r) => r.target)).map((target) =>
    table(
      target,
      results.filter((r) => r.target === target),
    ),
  );
  return `\n## ${language}\n\n${origin(results)}\n\n${tables.join('\n')}`;
}

/** The row of a scenario, to link to. */
export const anchorOf = ({ target, scenario, ...result }: Recorded): string =>
  [languageOf({ target, scenario, ...result }), target, scenario]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');

function table(target: string, results: readonly Recorded[]): string {
  const drivers = unique(results.map(driverOf));
  const rows = unique(results.map((r) => r.scenario)).map((scenario) => {
    const row = results.filter((r) => r.scenario === scenario);
    const cells = drivers.map((driver) => {
      const cases = row.filter((r) => driverOf(r) === driver);
      return cases.length === 0 ? '' : signs[worst(cases.map((r) => r.outcome))];
    });
    const [first] = row;
    const anchor = first === undefined ? '' : `<a id="${anchorOf(first)}"></a>`;
    return `| ${[`${anchor}${scenario}`, ...cells].join(' | ')} |`;
  });
  const header = `| ${['scenario', ...drivers].join(' | ')} |\n|${'---|'.repeat(drivers.length + 1)}`;
  return `### ${target}\n\n${header}\n${rows.join('\n')}\n\n${notes(results)}`;
}

/** Why a cell is not a plain pass, once for each reason, and which cases were run again. */
function notes(results: readonly Recorded[]): string {
  const said = results.flatMap(({ scenario, outcome, reason, heldUp, case: address, ...result }) => [
    ...(reason === undefined ? [] : [`- ${signs[outcome]} ${scenario}, ${driverOf(result)}: ${reason}`]),
    ...(heldUp === undefined ? [] : [`- ↻ ${address}: ${toldAgain(heldUp)}`]),
  ]);
  return said.length === 0 ? '' : `${unique(said).join('\n')}\n`;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
