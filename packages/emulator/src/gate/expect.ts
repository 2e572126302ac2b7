import type { LoginVerdict } from '../policy/auth-policy.ts';
import type { LoginAttempt, ParsedHello } from '../policy/login-attempt.ts';
import type { Confirmation, Expected } from './expected.ts';
import { nameOf } from './request.ts';
import { addressForm } from './rewrite.ts';

const confirmed: ReadonlyMap<string, Confirmation> = new Map(
  (['subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'ssubscribe', 'sunsubscribe'] as const).map((name) => [
    name.toUpperCase(),
    name,
  ]),
);
const simpleKinds: ReadonlyMap<string, 'multi' | 'exec' | 'discard' | 'reset' | 'monitor'> = new Map([
  ['MULTI', 'multi'],
  ['EXEC', 'exec'],
  ['DISCARD', 'discard'],
  ['RESET', 'reset'],
  ['MONITOR', 'monitor'],
]);

/** What the reply to a command means to the gate; undefined: nothing, as for most. `words` are upper case. */
export function expectReply(words: readonly string[], args: readonly Buffer[]): Expected | undefined {
  const [name = '', sub = ''] = words;
  const kind = simpleKinds.get(name);
  if (kind !== undefined) return { kind };
  const of = confirmed.get(name);
  if (of !== undefined) {
    const all = of.includes('un') && args.length === 1;
    return { kind: 'confirmations', of, left: all ? undefined : args.length - 1 };
  }
  if (name === 'CLIENT') return sub === 'SETNAME' ? { kind: 'name', name: String(args[2] ?? '') } : undefined;
  const form = addressForm(name, sub);
  return form && { kind: 'addresses', form };
}

export function expectLogin(
  attempt: LoginAttempt,
  verdict: LoginVerdict,
  hello: ParsedHello | undefined,
): Extract<Expected, { kind: 'login' }> {
  const outcome = verdict.ok ? { login: verdict.login } : { login: undefined, reason: verdict.reason };
  return { kind: 'login', attempt, ...outcome, ...nameOf(hello) };
}
