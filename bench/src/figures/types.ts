/** One measurement of each side; called in turn, so that both meet the same machine. */
export interface Pair {
  ours(): Promise<number>;
  peer(): Promise<number>;
  /** What the last run saw over time, where a chart of it helps. */
  series?(): Series | undefined;
  close?(): Promise<void>;
}

/** Figures over time, one a minute. */
export interface Series {
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

export interface Metric {
  /** `group/what`: its address. */
  readonly name: string;
  readonly unit: string;
  readonly peerName: string;
  /** What the figures should be, in one of the forms of `goal.ts`. */
  readonly goal: string;
  /** Counts that do not vary are taken once. Default: 9 times. */
  readonly runs?: number;
  /** What stands for all runs. Default: their median; `total` for what must never happen. */
  readonly summary?: 'median' | 'total';
  /** `quick`: as little as shows that it works. */
  start(quick: boolean): Promise<Pair>;
}

/** Of all runs: the median or the total of each side; the ratio is the median of those of neighboring runs, or that of the totals. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly ratio: number | null;
  readonly runs: number;
  readonly goal: string;
  /** When it was measured (ISO 8601), and the load of the machine before. */
  readonly at?: string;
  readonly load?: number;
  readonly series?: Series;
}

export interface Results {
  readonly schema: 1;
  readonly node: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly metrics: readonly Measured[];
}
