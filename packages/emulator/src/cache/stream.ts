/** Entries of a stream. */
export interface Stream {
  readonly entries: unknown[];
}
