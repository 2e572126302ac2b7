/** Redis 7.0's own texts about logging in: clients decide by them. */
export const WRONGPASS = 'WRONGPASS invalid username-password pair or user is disabled.';
export const NOAUTH = 'NOAUTH Authentication required.';
export const NOAUTH_HELLO: string =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> ' +
  'option can be used to authenticate the client and select the RESP protocol version at the same time';
export const NOPROTO = 'NOPROTO unsupported protocol version';
export const PROTOCOL_VERSION_NOT_INTEGER = 'ERR Protocol version is not an integer or out of range';
export const AUTH_ARITY = "ERR wrong number of arguments for 'auth' command";
export const SYNTAX_ERROR = 'ERR syntax error';

const beforeLogin: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'QUIT', 'RESET']);

/** Whether a connection that has not logged in may send `command` (upper case). */
export function allowedBeforeLogin(command: string): boolean {
  return beforeLogin.has(command);
}
