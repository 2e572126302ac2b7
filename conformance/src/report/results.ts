import type { CaseResult } from '../runner/case-result.ts';
import { shortCommit } from './commit.ts';

/** One run of the suite, as reports name it. */
export interface Run {
  /** Of the checkout; ends in `-dirty` where files differ from it. */
  readonly commit: string;
  /** When it started, ISO 8601. */
  readonly date: string;
  readonly node: string;
  /** `linux x64`; left out by records from before 2026-12. */
  readonly machine?: string;
  readonly seed: number;
  /** Whether the suite's own drivers were processes of their own, as peers are. */
  readonly isolated: boolean;
}

/** `results.json`: stable, for machines. */
export interface Results extends Run {
  readonly schema: 1;
  readonly results: readonly CaseResult[];
}

export function toJson(results: Results): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}

export const toldRun = ({ commit, date, node, machine, seed, isolated }: Run): string =>
  `commit ${shortCommit(commit)}, ${date}, Node ${node}${machine === undefined ? '' : ` on ${machine}`}, seed ${seed}${isolated ? ', every driver a process of its own' : ''}`;
