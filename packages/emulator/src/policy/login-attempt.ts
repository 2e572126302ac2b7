import type { RespVersion } from '../resp/encode.ts';

/** Credentials as AUTH or HELLO carried them. The password is a token: never show it. */
export interface LoginAttempt {
  readonly via: 'AUTH' | 'HELLO';
  readonly username: string;
  readonly password: string;
}

/** What an AUTH asks for, or the error that Redis answers to its form. */
export type ParsedAuth = { readonly attempt: LoginAttempt } | { readonly error: string };

/** What a HELLO asks for; without `attempt` it does not log in. */
export type ParsedHello =
  | { readonly version?: RespVersion; readonly attempt?: LoginAttempt; readonly name?: string }
  | { readonly error: string };

/** `AUTH password` (user `default`) and `AUTH username password`: https://redis.io/docs/latest/commands/auth/. */
export function parseAuth(args: readonly Buffer[]): ParsedAuth {
  if (args.length < 2) return { error: AUTH_ARITY };
  if (args.length > 3) return { error: SYNTAX_ERROR };
  const [first = '', second] = args.slice(1).map(String);
  return second === undefined
    ? { attempt: { via: 'AUTH', username: 'default', password: first } }
    : { attempt: { via: 'AUTH', username: first, password: second } };
}

/** `HELLO [protover [AUTH username password] [SETNAME name]]`: https://redis.io/docs/latest/commands/hello/. */
export function parseHello(args: readonly Buffer[], highest: RespVersion = 3): ParsedHello {
  if (args.length < 2) return {};
  const text = String(args[1]);
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return { error: PROTOCOL_VERSION_NOT_INTEGER };
  const version = Number(text);
  if (version !== 2 && !(version === 3 && highest === 3)) return { error: NOPROTO };
  let attempt: LoginAttempt | undefined;
  let name: string | undefined;
  for (let index = 2; index < args.length; index++) {
    const option = String(args[index]).toUpperCase();
    const left = args.length - index - 1;
    if (option === 'AUTH' && left >= 2) {
      attempt = { via: 'HELLO', username: String(args[index + 1]), password: String(args[index + 2]) };
      index += 2;
    } else if (option === 'SETNAME' && left >= 1) {
      name = String(args[index + 1]);
      index += 1;
    } else {
      return { error: `ERR Syntax error in HELLO option '${String(args[index])}'` };
    }
  }
  return { version, ...(attempt && { attempt }), ...(name !== undefined && { name }) };
}

/** Redis 7.0's own texts about logging in: clients decide by them. */
export const WRONGPASS = 'WRONGPASS invalid username-password pair or user is disabled.';
export const NOAUTH = 'NOAUTH Authentication required.';
export const NOAUTH_HELLO: string =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> ' +
  'option can be used to authenticate the client and select the RESP protocol version at the same time';
const NOPROTO = 'NOPROTO unsupported protocol version';
const PROTOCOL_VERSION_NOT_INTEGER = 'ERR Protocol version is not an integer or out of range';
const AUTH_ARITY = "ERR wrong number of arguments for 'auth' command";
const SYNTAX_ERROR = 'ERR syntax error';

const beforeLogin: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'QUIT', 'RESET']);

/** Whether a connection that has not logged in may send `command` (upper case). */
export function allowedBeforeLogin(command: string): boolean {
  return beforeLogin.has(command);
}

/** The SETNAME of a HELLO. */
export function nameOf(hello: ParsedHello | undefined): { readonly name?: string } {
  return hello === undefined || 'error' in hello || hello.name === undefined ? {} : { name: hello.name };
}
