import type { Invariant, Violation } from '../protocol.ts';
import { type Misleading, misleading } from '../schedule/misleading.ts';

type Sabotaged = Extract<
  Invariant,
  'messages' | 'matches' | 'calm' | 'one-auth' | 'unanswered' | 'moves' | 'footprint' | 'rejections' | 'secrets'
>;

/** What `--sabotage` breaks on purpose in every round, by the rule that must then be found broken. */
export const sabotaged: Readonly<Record<Sabotaged, string>> = {
  messages: 'each subscriber throws one message in ten away',
  matches: 'one ECHO in twenty gets another answer',
  calm: 'a command fails in a calm',
  'one-auth': 'AUTH is sent again with the token that the connection has',
  unanswered: 'connections do not learn that their AUTH has no answer',
  moves: 'a client whose user changed its port goes on connecting to the former one',
  footprint: 'a client is not closed',
  rejections: 'a rejection is left to nobody',
  secrets: 'a token is printed',
};

/** Of nodes with certificates of their own: no client may take them for what they are not. */
export const wrongName = "the client expects another name in the nodes' certificates than they have";

/** No new token comes while something misleads: connections are cut that should not be. */
export const misled = (kind: Misleading): string => `no new token comes while ${misleading[kind]}`;

export interface SabotageResult {
  readonly client: string;
  readonly target: string;
  readonly seed: number;
  /** What the judge did not notice, in words. */
  readonly missed: readonly string[];
}

/** What was broken, and not found: a lost message must be found for each of `subscribers`. */
export function missedIn(
  violations: readonly Violation[],
  { subscribers, movable }: { readonly subscribers: readonly string[]; readonly movable: boolean },
): string[] {
  const found = (rule: Invariant, text = ''): boolean =>
    violations.some(({ invariant, detail }) => invariant === rule && detail.includes(text));
  const rules = (Object.keys(sabotaged) as Sabotaged[]).filter(
    (rule) => rule !== 'messages' && (movable || rule !== 'moves'),
  );
  const kinds = Object.keys(misleading) as Misleading[];
  return [
    ...subscribers
      .filter((name) => !found('messages', ` did not reach ${name}:`))
      .map((name) => `${sabotaged.messages} (${name})`),
    // What fails while something misleads is told apart.
    ...rules.filter((rule) => !found(rule, rule === 'calm' ? ': sabotage failed' : '')).map((rule) => sabotaged[rule]),
    ...kinds.filter((kind) => !found('calm', `${kind}: `)).map(misled),
  ];
}
