import type { Outcome } from '../runner/case-result.ts';
import { shortCommit } from './commit.ts';
import { anchorOf, signs, worst } from './matrix.ts';
import { driverOf, type Recorded } from './record.ts';

/** What users ask of a client, and the scenarios that answer it: on one server, but where it is about clusters. */
const questions = {
  'stays logged in': ['life/commands'],
  'pub/sub': ['reauth/subscriber-resp3', 'reauth/subscriber-resp2'],
  cluster: ['topology/cluster-every-node', 'topology/cluster-moved'],
  'after an outage': ['connect/idp-down-token-expired', 'connect/expired-never-sent', 'connect/fresh-on-reconnect'],
} as const;

/** Said beside the answer where it is worse: some clients re-authenticate a connection when a command wants it, and no command fails. */
const remarks: Readonly<Record<string, { readonly about: string; readonly scenarios: readonly string[] }>> = {
  'stays logged in': { about: 'idle connections', scenarios: ['life/lock'] },
};

const page = 'reports/conformance.md';

/** A table with a row for each client. `configurations`: what its driver sets, by driver and version. */
export function toClients(results: readonly Recorded[], configurations: ReadonlyMap<string, string>): string {
  const header = ['client', ...Object.keys(questions), 'with', 'measured'];
  const names = [...new Set(results.map(driverOf))];
  const rows = names.map((name) => {
    const own = results.filter((result) => driverOf(result) === name);
    const answered = Object.entries(questions).map(([question, scenarios]) => {
      const there = own.filter(({ target }) => (question === 'cluster' ? true : !/cluster|sentinel/.test(target)));
      return [answer(there, scenarios), remark(there, question, scenarios)].join('');
    });
    return `| ${[clientOf(own[0] as Recorded), ...answered, configurations.get(name) ?? '', measuredOf(own)].join(' | ')} |`;
  });
  return [`| ${header.join(' | ')} |`, `|${'---|'.repeat(header.length)}`, ...rows].join('\n');
}

function clientOf({ packages = {}, language = 'Node.js', ...result }: Recorded): string {
  const more = Object.entries(packages).map(([name, version]) => `, ${name} ${version}`);
  return `${result.driver} ${result.driverVersion}${more.join('')} (${language})`;
}

/** The worst of these scenarios on any server, with the row of the case that it comes from. */
function answer(results: readonly Recorded[], scenarios: readonly string[]): string {
  const cases = casesOf(results, scenarios);
  if (cases.length === 0) return '';
  const outcome = worstOf(cases);
  const from = cases.find((each) => each.outcome === outcome) as Recorded;
  return `[${answers[outcome]}](${page}#${anchorOf(from)})`;
}

function remark(results: readonly Recorded[], question: string, scenarios: readonly string[]): string {
  const { about, scenarios: others = [] } = remarks[question] ?? {};
  const [answered, more] = [casesOf(results, scenarios), casesOf(results, others)];
  if (worstOf(answered) === worstOf([...answered, ...more])) return '';
  return `${answered.length > 0 ? ', ' : ''}${about}: ${answer(results, others)}`;
}

const casesOf = (results: readonly Recorded[], scenarios: readonly string[]): readonly Recorded[] =>
  results.filter(({ scenario }) => scenarios.includes(scenario));

const worstOf = (cases: readonly Recorded[]): Outcome => worst(cases.map(({ outcome }) => outcome));

const answers: Record<Outcome, string> = {
  ...signs,
  pass: `${signs.pass} yes`,
  'degraded-as-declared': `${signs['degraded-as-declared']} in part`,
  'known-failing': `${signs['known-failing']} no`,
};

/** When, on what, and at which commit: of the newest of its results. */
function measuredOf(results: readonly Recorded[]): string {
  const [newest] = results.toSorted((a, b) => (b.run?.date ?? '').localeCompare(a.run?.date ?? ''));
  if (newest?.run === undefined) return '';
  const { runtime = `Node.js ${newest.run.node.replace('v', '')}`, run } = newest;
  return `${run.date.slice(0, 10)}, ${runtime}, commit ${shortCommit(run.commit)}`;
}

const [start, end] = ['<!-- clients -->', '<!-- /clients -->'];

/** A page with the table between its marks replaced. */
export function withClients(text: string, table: string): string {
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
}
