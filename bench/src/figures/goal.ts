import type { Measured } from './types.ts';

type Figures = Pick<Measured, 'ours' | 'peer' | 'ratio'>;

interface Form {
  readonly form: RegExp;
  /** What the bound is one of; null where the figures do not give it. */
  readonly of: (figures: Figures) => number | null;
  readonly holds: (value: number, bound: number) => boolean;
}

const atMost: Form['holds'] = (value, bound) => value <= bound;
const atLeast: Form['holds'] = (value, bound) => value >= bound;
const exactly: Form['holds'] = (value, bound) => value === bound;

const forms: readonly Form[] = [
  { form: /^>= (?<bound>[\d.]+)$/, of: ({ ratio }) => ratio, holds: atLeast },
  { form: /^<= (?<bound>[\d.]+)$/, of: ({ ratio }) => ratio, holds: atMost },
  { form: /^ours <= (?<bound>[\d.]+)$/, of: ({ ours }) => ours, holds: atMost },
  { form: /^<= (?<bound>[\d.]+) ms$/, of: ({ ours }) => ours, holds: atMost },
  { form: /^<= (?<bound>[\d.]+) kB$/, of: ({ ours }) => ours / 1000, holds: atMost },
  { form: /^at most (?<bound>[\d.]+) (?:bytes|ms) more$/, of: ({ ours, peer }) => ours - peer, holds: atMost },
  { form: /^(?<bound>\d+)(?: AUTH| request)?$/, of: ({ ours }) => ours, holds: exactly },
];

/** Whether the figures reach their goal; undefined where there is none, or no figure. A goal of another form is an error: no mark is a guess. */
export function isMet({ goal, ...figures }: Figures & Pick<Measured, 'goal'>): boolean | undefined {
  if (goal === 'recorded') return undefined;
  for (const { form, of, holds } of forms) {
    const bound = form.exec(goal)?.groups?.['bound'];
    if (bound === undefined) continue;
    const value = of(figures);
    return value === null ? undefined : holds(value, Number(bound));
  }
  throw new RangeError(`nobody can tell whether the goal "${goal}" is met: see goal.ts`);
}
