import { loadavg } from 'node:os';
import type { Measured, Metric, Pair } from './types.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Measures both sides in turn, the first one changing from run to run; once, and together, when `quick`. */
export async function measure(
  metric: Metric,
  quick: boolean,
  onRun: (run: number, runs: number) => void,
): Promise<Measured> {
  const { name, unit, peerName, goal, summary = 'median' } = metric;
  const at = new Date().toISOString();
  const load = rounded(loadavg()[0] ?? 0);
  const runs = quick ? 1 : (metric.runs ?? 9);
  const pair = await metric.start(quick);
  const ours: number[] = [];
  const peer: number[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      onRun(run + 1, runs);
      // `quick` asks whether it runs, not how fast.
      const [one, other] = quick
        ? await Promise.all([pair.ours(), pair.peer()])
        : await measureBoth(pair, run % 2 === 0);
      ours.push(one);
      peer.push(other);
    }
  } finally {
    await pair.close?.();
  }
  const all = summary === 'median' ? median : total;
  const ratio =
    summary === 'median'
      ? median(ours.map((value, run) => value / (peer[run] ?? Number.NaN)))
      : total(ours) / total(peer);
  const series = pair.series?.();
  return {
    name,
    unit,
    ours: rounded(all(ours)),
    peer: rounded(all(peer)),
    peerName,
    ratio: Number.isFinite(ratio) ? rounded(ratio) : null,
    runs,
    goal,
    at,
    load,
    ...(series === undefined ? {} : { series }),
  };
}

async function measureBoth(pair: Pair, oursFirst: boolean): Promise<readonly [number, number]> {
  if (oursFirst) return [await pair.ours(), await pair.peer()];
  const other = await pair.peer();
  return [await pair.ours(), other];
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const rounded = (value: number): number => Number(value.toPrecision(4));
