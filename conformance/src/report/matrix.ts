import { toldAgain } from '../runner/held-up.ts';
import { slowestReconnectMs } from '../scenarios/subscriptions.ts';
import type { Outcome } from '../runner/case-result.ts';
import { type Recorded, runsOf } from './record.ts';
import { toldRun } from './results.ts';

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

const intro = `Every scenario of [the suite](../../conformance) for each adapter, beside its peers: what each server saw and what the user saw. Written by
\`npm run conformance -- --docs docs/reports\`, which runs every driver in processes of its own. On one server in the clear adapters run with RESP2 and RESP3, where
a cell shows the worse one; peers, and what is about connections as such on the other servers, with the newest that the client speaks. A peer that
fails now and then (\`flaky\` in its list) shows what it did in this run. ❌ is a failure with the error that the list of what is known to fail
expects; with another it is 💥. ◐ of \`reauth/subscriber-resp2\`: what was published while the subscriber reconnected, for ${slowestReconnectMs} ms at most each
time, may be lost, and no other message. N1, T2 and so on: [the peers](../peers.md).`;

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
  return `# Conformance\n\n${intro}\n\n${origin(results)}\n\n${legend.join(' · ')}\n\n${sections.join('\n')}`;
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
