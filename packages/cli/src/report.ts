import { withoutTokens } from '@entra-redis/token-manager';
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

/** A copy of `value` (JSON data) in whose strings `secret`, and whatever looks like a token, is replaced. */
export function redact<T>(value: T, secret: string | undefined): T {
  return copy(value, (text) => withoutTokens(text, secret)) as T;
}

function copy(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => copy(each, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each, clean)]));
}
