import type { Measured, Metric } from './types.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Measures both sides in turn, the first one changing from run to run. */
export async function measure(
  metric: Metric,
  quick: boolean,
  onRun: (run: number, runs: number) => void,
): Promise<Measured> {
  const { name, unit, peerName, goal } = metric;
  const runs = quick ? 1 : (metric.runs ?? 9);
  const pair = await metric.start(quick);
  const ours: number[] = [];
  const peer: number[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      onRun(run + 1, runs);
      if (run % 2 === 1) peer.push(await pair.peer());
      ours.push(await pair.ours());
      if (run % 2 === 0) peer.push(await pair.peer());
    }
  } finally {
    await pair.close?.();
  }
  const ratio = median(ours.map((value, run) => value / (peer[run] ?? Number.NaN)));
  return {
    name,
    unit,
    ours: rounded(median(ours)),
    peer: rounded(median(peer)),
    peerName,
    ratio: Number.isFinite(ratio) ? rounded(ratio) : null,
    runs,
    goal,
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
