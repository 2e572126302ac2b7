import type { Results } from '../types.ts';
import type { Chart } from './charts.ts';
import { markdownRow } from './table.ts';

/** `docs/bench.md`, from the results alone. */
export function toPage({ node, machine, versions, metrics }: Results, charts: readonly Chart[]): string {
  const copies = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    '# Numbers',
    '',
    'Written by `npm run bench -- --docs docs`. Ours and the peer are measured in turn, in processes of their own; figures are medians, and the',
    'ratio is the median of the ratios of neighboring runs.',
    '',
    `Machine: ${machine.cores} cores, ${machine.cpu}; load ${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after; Node ${node}; ${copies.join(', ')}.`,
    'The command timeout of node-redis 6 is its default, 5 s.',
    '',
    '| metric | ours | peer | ratio | goal | unit | peer is | runs |',
    '|---|---|---|---|---|---|---|---|',
    ...metrics.map(markdownRow),
    '',
    ...charts.map(({ file, title }) => `![${title}](bench/${file})`),
    '',
  ].join('\n');
}
