import { isMet } from '../figures/goal.ts';
import type { Measured } from '../figures/types.ts';

export const figure = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(value);

/** One line of the terminal's table. */
export function rowOf({ name, unit, ours, peer, peerName, ratio, runs, goal }: Measured): string {
  const figures = `${figure(ours)} against ${figure(peer)} ${unit}`;
  return `${name.padEnd(42)} ${String(ratio ?? '-').padStart(8)}  ${figures} (${peerName}; ${runs} ${runs === 1 ? 'run' : 'runs'}; goal ${goal})`;
}

/** The goal, and whether it is met by the figures next to it. */
function markedGoal(measured: Measured): string {
  const met = isMet(measured);
  return met === undefined ? measured.goal : `${measured.goal}: ${met ? 'met' : '**missed**'}`;
}

/** One line of the page's table. */
export function markdownRow(measured: Measured): string {
  const { name, unit, ours, peer, peerName, ratio, runs } = measured;
  return `| \`${name}\` | ${figure(ours)} | ${figure(peer)} | ${ratio ?? '-'} | ${markedGoal(measured)} | ${unit} | ${peerName} | ${runs} |`;
}
