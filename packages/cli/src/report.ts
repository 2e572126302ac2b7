import type { Finding, StepId } from './types.ts';

/** What `--json` prints: `schema` changes when a reader would have to. */
export interface Report {
  readonly schema: 1;
  /** No step failed; some may warn. */
  readonly ok: boolean;
  /** Of the process: 0, or that of the step that failed. */
  readonly exitCode: number;
  readonly target: {
    readonly host: string;
    readonly port: number;
    readonly product: string;
    readonly encrypted: boolean;
  };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly steps: readonly StepReport[];
}

export type StepReport = StepIdentity &
  ({ readonly status: 'not-reached' } | (Finding & { readonly durationMs: number }));

interface StepIdentity {
  readonly id: StepId;
  readonly title: string;
  readonly exitCode: number;
}
