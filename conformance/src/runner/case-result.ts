export const outcomes = [
  'pass',
  'degraded-as-declared',
  'known-failing',
  'fail',
  'unexpected-pass',
  'could-not-run',
] as const;
export type Outcome = (typeof outcomes)[number];

/** By which a run is not good. */
export const unexpectedOutcomes: ReadonlySet<Outcome> = new Set(['fail', 'unexpected-pass']);

export interface CaseResult {
  /** `reauth/one-auth/driver:ioredis@6.0.0/target:fake/resp:3` */
  readonly case: string;
  readonly scenario: string;
  readonly driver: string;
  readonly driverVersion: string;
  readonly target: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Of its client, where that is not Node.js. */
  readonly language?: string;
  /** What its driver ran on, and what else was measured. */
  readonly runtime?: string;
  readonly packages?: Readonly<Record<string, string>>;
  /** It could not run as the machine lacks what its driver needs. */
  readonly lacking?: 'driver';
  readonly reason?: string;
  readonly error?: string;
  /** The longest that its process, or that of its driver, stood still meanwhile; left out where neither did. */
  readonly stoodStillMs?: number;
  /** The case was held up and run again, alone: what came of the first run. */
  readonly heldUp?: {
    readonly outcome: Outcome;
    readonly stoodStillMs: number;
    /** How often it was run again, where that was more than once. */
    readonly runs?: number;
    readonly error?: string;
  };
}
