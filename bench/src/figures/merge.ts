import { isDeepStrictEqual } from 'node:util';
import { metrics as catalogue } from '../metrics/index.ts';
import type { Results } from './types.ts';

/** What figures must have in common to stand in one table. */
const surroundings = ({ node, machine: { cpu, cores }, versions }: Results) => ({ node, cpu, cores, versions });

/** Newer figures take the place of older ones of the same name; those of metrics that no longer exist are left out. */
export function merged(older: Results, newer: Results): Results {
  const measured = new Map([...older.metrics, ...newer.metrics].map((metric) => [metric.name, metric]));
  const kept = older.metrics.some(({ name }) => !newer.metrics.some((each) => each.name === name));
  if (kept && !isDeepStrictEqual(surroundings(older), surroundings(newer))) {
    const [before, now] = [surroundings(older), surroundings(newer)].map((each) => JSON.stringify(each));
    throw new RangeError(`the other figures were measured elsewhere: measure all. Then: ${before} Now: ${now}`);
  }
  return { ...newer, metrics: catalogue.map(({ name }) => measured.get(name)).filter((each) => each !== undefined) };
}
