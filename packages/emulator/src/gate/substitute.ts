import type { LoginAttempt, ParsedHello } from '../policy/login-attempt.ts';
import { encodeCommand } from '../resp/encode.ts';

/** No such user: the upstream answers WRONGPASS, or queues or refuses the command, as it would with a wrong password. */
const refused = ['refused-by-the-gate', 'x'] as const;

/** What goes upstream in place of an AUTH or HELLO, so that its reply keeps its place and no token leaves the gate. */
export function substituteLogin(
  attempt: LoginAttempt,
  hello: ParsedHello | undefined,
  accepted: readonly [string, string] | undefined,
): Buffer {
  const user = accepted ?? refused;
  if (attempt.via === 'AUTH' || hello === undefined || 'error' in hello) return encodeCommand(['AUTH', ...user]);
  const name = hello.name === undefined ? [] : ['SETNAME', hello.name];
  return encodeCommand(['HELLO', String(hello.version ?? 2), 'AUTH', ...user, ...name]);
}

/** In place of a command that may not run: an error, which also spoils a MULTI. */
export const substituteRefused: Buffer = encodeCommand(['GET']);

/** A malformed AUTH, which the upstream refuses by the number of its arguments, without what it carried. */
export function substituteMalformedAuth(args: readonly Buffer[]): Buffer {
  return encodeCommand(args.map((_argument, index) => (index === 0 ? 'AUTH' : 'x')));
}
