import type { Login, LoginVerdict } from '../policy/auth-policy.ts';
import { type LoginAttempt, nameOf, type ParsedHello } from '../policy/login-attempt.ts';
import { type AddressForm, addressForm } from './rewrite.ts';

export type Confirmation = 'subscribe' | 'unsubscribe' | 'psubscribe' | 'punsubscribe' | 'ssubscribe' | 'sunsubscribe';

/** What the next replies of the upstream answer, and what they mean to the gate. */
export type Expected =
  /** AUTH or HELLO: `login` is what the verifier accepted; without an `attempt` a HELLO that only changes the protocol. */
  | {
      readonly kind: 'login';
      readonly attempt: LoginAttempt | undefined;
      readonly login: Login | undefined;
      readonly reason?: string;
      readonly name?: string;
    }
  /** One reply per channel; undefined: one for each subscription there is, at least one. */
  | { readonly kind: 'confirmations'; readonly of: Confirmation; left: number | undefined }
  | { readonly kind: 'name'; readonly name: string }
  /** A command that stands for one that the gate refuses: its error is reported as `text`. */
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'addresses'; readonly form: AddressForm }
  /** ACL WHOAMI: the upstream knows the gate's user, the client means its own. */
  | { readonly kind: 'whoami'; readonly username: string }
  | { readonly kind: 'multi' | 'exec' | 'discard' | 'reset' | 'monitor' | 'plain' };

export type FaultAfterReply = { readonly kind: 'cut' } | { readonly kind: 'truncate'; readonly bytes: number };

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
export function expectReply(
  words: readonly string[],
  args: readonly Buffer[],
  username: string | undefined,
): Expected | undefined {
  const [name = '', sub = ''] = words;
  const kind = simpleKinds.get(name);
  if (kind !== undefined) return { kind };
  const of = confirmed.get(name);
  if (of !== undefined) {
    const all = of.includes('un') && args.length === 1;
    return { kind: 'confirmations', of, left: all ? undefined : args.length - 1 };
  }
  if (name === 'CLIENT') return sub === 'SETNAME' ? { kind: 'name', name: String(args[2] ?? '') } : undefined;
  if (name === 'ACL') return sub === 'WHOAMI' && username !== undefined ? { kind: 'whoami', username } : undefined;
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
