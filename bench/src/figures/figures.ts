import type { Metric } from './types.ts';

/** One measurement of each side that gives several figures. */
export interface Samples<Sample> {
  ours(): Promise<Sample>;
  peer(): Promise<Sample>;
  close?(): Promise<void>;
}

export interface Figure<Sample> extends Omit<Metric, 'start'> {
  readonly pick: (sample: Sample) => number;
  /** What the sample saw over time. */
  readonly seriesOf?: (sample: Sample) => { readonly unit: string; readonly points: readonly number[] };
}

/** Metrics that come from the same runs: the first of them takes the samples, the others read them. */
export function figuresOf<Sample>(
  start: (quick: boolean) => Promise<Samples<Sample>>,
  figures: readonly Figure<Sample>[],
): Metric[] {
  const taken = { ours: [] as Sample[], peer: [] as Sample[] };
  return figures.map(({ pick, seriesOf, ...metric }) => ({
    ...metric,
    async start(quick) {
      let samples: Promise<Samples<Sample>> | undefined;
      const reader = (side: 'ours' | 'peer') => {
        let run = 0;
        return async (): Promise<number> => {
          if (taken[side][run] === undefined) {
            samples ??= start(quick);
            taken[side][run] = await (await samples)[side]();
          }
          const sample = taken[side][run] as Sample;
          run += 1;
          return pick(sample);
        };
      };
      return {
        ours: reader('ours'),
        peer: reader('peer'),
        series: () => {
          const [ours, peer] = [taken.ours.at(-1), taken.peer.at(-1)];
          if (seriesOf === undefined || ours === undefined || peer === undefined) return undefined;
          return { unit: seriesOf(ours).unit, ours: seriesOf(ours).points, peer: seriesOf(peer).points };
        },
        close: async () => await (await samples)?.close?.(),
      };
    },
  }));
}
