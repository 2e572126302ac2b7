import type { Lane } from './clients.ts';
import type { Tally } from './workload.ts';

export interface LaneResult {
  readonly lane: Pick<Lane, 'name'>;
  readonly tally: Tally;
  readonly rotations: number;
}

/** Both clients speak RESP3, so a subscriber takes a new token in place like any other connection. */
const connections = [
  ['commands', 'command connection'],
  ['subscriber', 'subscriber'],
] as const;

/** What went wrong, in words; empty where nothing did. */
export function faults({ lane, tally, rotations }: LaneResult): string[] {
  const found: string[] = [];
  if (rotations === 0) found.push(`${lane.name}: no rotation happened`);
  if (tally.commands === 0) found.push(`${lane.name}: no command ran`);
  if (tally.failed > 0)
    found.push(`${lane.name}: ${tally.failed} commands failed, the first with: ${tally.firstError}`);
  if (tally.lost > 0) found.push(`${lane.name}: ${tally.lost} messages lost`);
  for (const [role, connection] of connections) {
    const cuts = tally.cuts[role];
    if (cuts > 0) found.push(`${lane.name}: the ${connection} was closed ${cuts === 1 ? 'once' : `${cuts} times`}`);
  }
  return found;
}

export function summaryLines(results: readonly LaneResult[]): string[] {
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(24) : String(cell).padStart(12))).join('');
  const pick = (read: (result: LaneResult) => number): number[] => results.map(read);
  return [
    row(['', ...results.map(({ lane }) => lane.name)]),
    row(['rotations', ...pick((r) => r.rotations)]),
    row(['commands run', ...pick((r) => r.tally.commands)]),
    row(['commands failed', ...pick((r) => r.tally.failed)]),
    row(['messages received', ...pick((r) => r.tally.received)]),
    row(['messages lost', ...pick((r) => r.tally.lost)]),
    row(['command connection cut', ...pick((r) => r.tally.cuts.commands)]),
    row(['subscriber cut', ...pick((r) => r.tally.cuts.subscriber)]),
  ];
}
