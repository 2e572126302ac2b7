import type { CaseResult } from '../types.ts';

/** `results.json`: stable, for machines. */
export interface Results {
  readonly schema: 1;
  readonly commit: string;
  readonly node: string;
  readonly seed: number;
  readonly results: readonly CaseResult[];
}

export function toJson(results: Results): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}
