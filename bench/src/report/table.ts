import type { Measured } from '../types.ts';

const figure = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(value);

/** One line of the terminal's table. */
export function rowOf({ name, unit, ours, peer, peerName, ratio, runs, goal }: Measured): string {
  const figures = `${figure(ours)} against ${figure(peer)} ${unit}`;
  return `${name.padEnd(42)} ${String(ratio ?? '-').padStart(8)}  ${figures} (${peerName}; ${runs} ${runs === 1 ? 'run' : 'runs'}; goal ${goal})`;
}

/** One line of the page's table. */
export function markdownRow({ name, unit, ours, peer, peerName, ratio, runs, goal }: Measured): string {
  return `| \`${name}\` | ${figure(ours)} | ${figure(peer)} | ${ratio ?? '-'} | ${goal} | ${unit} | ${peerName} | ${runs} |`;
}
