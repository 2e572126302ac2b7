/** What a program saw of its own work. */
export interface Outcome {
  readonly steps: number;
  /** Errors, warnings and wrong answers, in words. */
  readonly failures: readonly string[];
}
