import { shortCommit } from '@entra-redis/conformance/driver-kit';
import { type Invariant, invariants } from '../protocol.ts';
import { sabotaged, type SabotageResult, wrongName } from '../judge/sabotage.ts';
import { upstreamReason } from '../judge/upstream.ts';
import { misleading } from '../schedule/misleading.ts';
import { judgeSection } from './judge.ts';
import type { Results, RunRound } from './record.ts';

const introduction = `# Chaos

Written by \`npm run chaos -- --docs docs/reports\`. An application with every kind of client (commands, pipelines, transactions, BLPOP, XREAD BLOCK,
publish and subscribe, each on RESP2 and RESP3 where the client has both, duplicates except in clusters and behind sentinels, BullMQ on ioredis except in clusters) runs in a process of its own, on real Redis behind
a gate that closes a connection when its token expires; tokens are valid for 5 to 7 s. Storms of faults alternate with calms. Within 15 s after a storm, every client must work again; then, for one and three
quarters of a token's life, nothing may fail, whatever misleads the adapter about tokens and time meanwhile. Failed commands are those in flight when a storm closed a connection.

Another run of the same seed brings the same faults at the same times; what they meet differs. \`npm run chaos -- --help\` lists the options.
`;

const number = (value: number): string => value.toLocaleString('en-US');
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export function toPage({ rounds, sabotage = [] }: Results): string {
  const sections = [introduction.trim(), '## What held', held(rounds)];
  const tables = [
    '## What it went through',
    runs(rounds),
    roundsTable(rounds),
    '## What went wrong, how often',
    countTable('fault', rounds, ({ faults }) => faults),
    'What misled the adapter in calms, in which that may cost nothing, how often:',
    countTable('in a calm', rounds, calmsOf),
  ];
  const all = [...sections, sabotageSection(sabotage), judgeSection, ...tables];
  return `${all.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function sabotageSection(results: readonly SabotageResult[]): string | undefined {
  if (results.length === 0) return undefined;
  const rows = results.map(({ client, target, seed, missed }) => [
    client,
    target,
    String(seed),
    missed.length === 0 ? 'all' : `**missed: ${missed.join('; ')}**`,
  ]);
  return `## What it notices when rules are broken on purpose

\`npm run chaos -- --sabotage\` breaks rules in a short round of each client on each target, beside the usual faults, and fails where one is
not noticed: ${Object.values(sabotaged).join(', ')}; and no new token comes while something misleads (the last table); on nodes with certificates of their own, ${wrongName}. Losses must be noticed for each subscriber. It runs each night, too.

${table(['client', 'target', 'seed', 'noticed'], rows)}`;
}

function held(rounds: readonly RunRound[]): string {
  const clients = [...new Set(rounds.map(({ client }) => client))];
  const verdict = (client: string, invariant: Invariant): string => {
    const own = rounds.filter((round) => round.client === client);
    const count = (from: 'violations' | 'upstream'): number =>
      own.flatMap((round) => round[from]).filter((violation) => violation.invariant === invariant).length;
    if (count('violations') > 0) return `**violated ${count('violations')} times**`;
    if (invariant === 'moves' && !own.some(({ faults }) => 'options-changed' in faults)) return 'cannot be changed';
    return count('upstream') > 0 ? `held, except for the client itself (${count('upstream')} times)` : 'held';
  };
  const rows = (Object.keys(invariants) as Invariant[]).map((invariant) => [
    invariants[invariant],
    ...clients.map((client) => verdict(client, invariant)),
  ]);
  const excused = rounds.some(({ upstream }) => upstream.length > 0);
  return `${table(['', ...clients], rows)}${excused ? `\n\nThe client itself: ${upstreamReason}.` : ''}`;
}

/** Which runs the rounds are of. */
function runs(rounds: readonly RunRound[]): string {
  const runOf = ({ seed, run }: RunRound): string =>
    `${run.startedAt.slice(0, 10)}, commit ${shortCommit(run.commit)}, seed ${seed}. Beside it: ${run.beside}.`;
  return [...new Set(rounds.map(runOf))]
    .map((run) => {
      const starts = rounds.filter((round) => runOf(round) === run).map(startOf);
      return `- ${run} Started, UTC: ${starts.join(', ')}.`;
    })
    .join('\n');
}

const startOf = ({ client, target, run }: RunRound): string => `${client} on ${target} ${run.startedAt.slice(11, 16)}`;

const calmsOf = ({ calms }: RunRound): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(misleading).map(([kind, words]) => [words, calms[kind] ?? 0]));

const columns =
  'client, target, seed, seconds, storms, faults, slowest return, commands, failed, messages, twice, jobs, logins, re-AUTHs, cut by expiry, heap, calms repeated';

function roundsTable(rounds: readonly RunRound[]): string {
  return table(columns.split(', '), rounds.map(rowOf));
}

function rowOf({ client, target, seed, seconds, storms, counts, wire, footprint, heldUp }: RunRound): string[] {
  const grown = footprint === undefined ? undefined : footprint.after.heapBytes - footprint.before.heapBytes;
  return [
    client,
    target,
    String(seed),
    number(seconds),
    String(storms.length),
    number(sum(storms.map((storm) => storm.faults))),
    `${number(Math.max(0, ...storms.map(({ recoveredMs }) => recoveredMs)))} ms`,
    ...[counts?.commands, counts?.failed, counts?.messages, counts?.doubled, counts?.jobs].map((count) =>
      number(count ?? 0),
    ),
    ...[wire.logins, wire.reauths, wire.expired].map(number),
    grown === undefined ? '' : `${grown < 0 ? '' : '+'}${(grown / 1024 / 1024).toFixed(1)} MiB`,
    String(heldUp),
  ];
}

function countTable(
  head: string,
  rounds: readonly RunRound[],
  countsOf: (round: RunRound) => Readonly<Record<string, number>>,
): string {
  const kinds = [...new Set(rounds.flatMap((round) => Object.keys(countsOf(round))))].sort();
  const targets = [...new Set(rounds.map(({ target }) => target))];
  const count = (kind: string, target: string): number =>
    sum(rounds.filter((round) => round.target === target).map((round) => countsOf(round)[kind] ?? 0));
  return table(
    [head, ...targets],
    kinds.map((kind) => [kind, ...targets.map((target) => number(count(kind, target)))]),
  );
}
