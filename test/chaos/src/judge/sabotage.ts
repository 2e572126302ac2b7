import type { Invariant, Violation } from '../protocol.ts';

type Sabotaged = Extract<
  Invariant,
  'messages' | 'matches' | 'calm' | 'one-auth' | 'footprint' | 'rejections' | 'secrets'
>;

/** What `--sabotage` breaks on purpose in every round, by the rule that must then be found broken. */
export const sabotaged: Readonly<Record<Sabotaged, string>> = {
  messages: 'each subscriber throws one message in ten away',
  matches: 'one ECHO in twenty gets another answer',
  calm: 'a command fails in a calm',
  'one-auth': 'AUTH is sent again with the token that the connection has',
  footprint: 'a client is not closed',
  rejections: 'a rejection is left to nobody',
  secrets: 'a token is printed',
};

export interface SabotageResult {
  readonly client: string;
  readonly target: string;
  readonly seed: number;
  /** What the judge did not notice, in words. */
  readonly missed: readonly string[];
}

/** What was broken, and not found: a lost message must be found for each of `subscribers`. */
export function missedIn(violations: readonly Violation[], subscribers: readonly string[]): string[] {
  const found = (rule: Invariant, text = ''): boolean =>
    violations.some(({ invariant, detail }) => invariant === rule && detail.includes(text));
  const rules = (Object.keys(sabotaged) as Sabotaged[]).filter((rule) => rule !== 'messages');
  return [
    ...subscribers
      .filter((name) => !found('messages', ` did not reach ${name}:`))
      .map((name) => `${sabotaged.messages} (${name})`),
    ...rules.filter((rule) => !found(rule)).map((rule) => sabotaged[rule]),
  ];
}
