import { toldAgain } from '../runner/held-up.ts';
import { slowestReconnectMs } from '../scenarios/subscriptions.ts';
import type { Outcome } from '../runner/case-result.ts';
import { type Recorded, runsOf } from './record.ts';
import { toldRun } from './results.ts';
import { summaryTable } from './summary.ts';

const signs: Record<Outcome, string> = {
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

const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a), 'pass' as Outcome);

const intro = `How each adapter does in [the test suite](../../conformance), next to its peers (\`redis-entraid\` is \`@redis/entraid\`, \`ioredis-recipe\` the
sample code of the Azure SDK). A case is one scenario with one client on one server. This table shows the cases that passed, over all servers:`;

const explanation = `◐: the client lacks a capability, which its driver declares, and an alternative requirement is met. Every other case that did not pass is a known failure, ❌. Each
table below is for one server, with the reason for each ◐ and ❌; [the peers](../peers.md) explains N1, T2 and so on.

\`npm run conformance -- --docs docs/reports\` writes this page; every driver runs in its own processes. On one server without TLS, adapters run with RESP2 and RESP3, and a cell
shows the worse result. Peers, and the scenarios about connections on the other servers, run with the newest protocol of the client. For a peer that fails only sometimes (\`flaky\` in its
list), the page shows this run. ❌ is a failure with the expected error of the list of known failures; a failure with another error is 💥. ◐ of \`reauth/subscriber-resp2\`: messages that are
published while the subscriber reconnects, for ${slowestReconnectMs} ms at most each time, may be lost, and no others.`;

/** Where the results are from. */
function origin(results: readonly Recorded[]): string {
  const runs = runsOf(results).map((run) => {
    const count = results.filter((result) => JSON.stringify(result.run) === JSON.stringify(run)).length;
    return `- ${count} cases: ${toldRun(run)}`;
  });
  const unknown = results.filter(({ run }) => run === undefined).length;
  if (unknown > 0) runs.push(`- ${unknown} cases: a run from before the record named commit, date and seed`);
  return runs.join('\n');
}

/** `matrix.md`: scenarios down, drivers across, one table for each target; deterministic, so that a change shows in a diff. */
export function toMatrix(results: readonly Recorded[]): string {
  const targets = unique(results.map((r) => r.target));
  const sections = targets.map((target) =>
    section(
      target,
      results.filter((r) => r.target === target),
    ),
  );
  const legend = Object.entries(signs).map(([outcome, sign]) => `${sign} ${outcome}`);
  const head = [intro, summaryTable(results), legend.join(' · '), explanation, origin(results)];
  return `# Conformance\n\n${head.join('\n\n')}\n\n${sections.join('\n')}`;
}

function section(target: string, results: readonly Recorded[]): string {
  const drivers = unique(results.map((r) => `${r.driver}@${r.driverVersion}`));
  const rows = unique(results.map((r) => r.scenario)).map((scenario) => {
    const cells = drivers.map((driver) => {
      const cases = results.filter((r) => r.scenario === scenario && `${r.driver}@${r.driverVersion}` === driver);
      return cases.length === 0 ? '' : signs[worst(cases.map((r) => r.outcome))];
    });
    return `| ${[scenario, ...cells].join(' | ')} |`;
  });
  const header = `| ${['scenario', ...drivers].join(' | ')} |\n|${'---|'.repeat(drivers.length + 1)}`;
  return `## ${target}\n\n${header}\n${rows.join('\n')}\n\n${notes(results)}`;
}

/** Why a cell is not a plain pass, once for each reason, and which cases were run again. */
function notes(results: readonly Recorded[]): string {
  const said = results.flatMap(({ scenario, driver, driverVersion, outcome, reason, heldUp, case: address }) => [
    ...(reason === undefined ? [] : [`- ${signs[outcome]} ${scenario}, ${driver}@${driverVersion}: ${reason}`]),
    ...(heldUp === undefined ? [] : [`- ↻ ${address}: ${toldAgain(heldUp)}`]),
  ]);
  return said.length === 0 ? '' : `${unique(said).join('\n')}\n`;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
