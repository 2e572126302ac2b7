import type { Measured, Results } from '../figures/types.ts';
import type { Chart } from './charts.ts';
import { groupOf, groups } from './groups.ts';
import { summaryTable } from './summary.ts';
import { markdownRow } from './table.ts';

const header = ['| metric | ours | peer | ratio | goal | unit | peer is | runs |', '|---|---|---|---|---|---|---|---|'];

const timesOf = (metrics: readonly Measured[]): string[] =>
  metrics.map(({ at }) => at).filter((at) => at !== undefined);

/** When, and on how busy a machine. */
function measuredAt(metrics: readonly Measured[]): string[] {
  const times = timesOf(metrics).toSorted();
  const loads = metrics.map(({ load }) => load).filter((load) => load !== undefined);
  if (times.length === 0) return [];
  const day = (times[0] ?? '').slice(0, 16).replace('T', ' ');
  return [`Measured from ${day} UTC on, at a load of ${Math.min(...loads)} to ${Math.max(...loads)} before each.`, ''];
}

function sectionOf(group: string, metrics: readonly Measured[], charts: readonly Chart[]): string[] {
  const drawn = charts.filter((chart) => chart.group === group && chart.kind === 'ratios');
  return [
    `## ${group}`,
    '',
    ...(groups[group] === undefined ? [] : [groups[group], '']),
    ...measuredAt(metrics),
    ...header,
    ...metrics.map(markdownRow),
    '',
    ...drawn.flatMap(({ file, title }) => [`![${title}](bench/${file})`, '']),
  ];
}

/** `docs/reports/bench.md`, from the results alone. */
export function toPage({ node, machine, versions, metrics }: Results, charts: readonly Chart[]): string {
  const copies = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const names = [...new Set(metrics.map(groupOf))];
  return [
    '# Numbers',
    '',
    ...summaryTable(metrics),
    '`npm run bench -- --docs docs/reports` writes this page. Ours and the peer are measured alternately, in processes of their own. Figures are medians (or',
    'totals, where the unit says so), and the ratio is the median of the ratios of neighboring runs. To measure one group again, use',
    '`--only "rotation/*" --docs docs/reports`, or `--out` and, later, `--merge`: groups can be from separate runs, on the same machine and versions.',
    'A goal that is only a bound applies to the ratio, any other goal to ours. Whether it is met is computed from the figures in its row.',
    '',
    `Machine: ${machine.cores} cores, ${machine.cpu}; Node ${node}; ${copies.join(', ')}.`,
    'The command timeout of node-redis 6 is its default, 5 s.',
    '',
    ...names.flatMap((name) =>
      sectionOf(
        name,
        metrics.filter((metric) => groupOf(metric) === name),
        charts,
      ),
    ),
  ].join('\n');
}
