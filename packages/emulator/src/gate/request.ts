import type { LoginAttempt, ParsedHello } from '../policy/login-attempt.ts';
import type { RespRequest } from '../resp/request-parser.ts';
import type { FaultAfterReply } from './expected.ts';

export interface Request extends RespRequest {
  /** The first two, upper case. */
  readonly words: readonly string[];
}

/** An AUTH, or a HELLO that logs in. */
export interface LoginRequest {
  readonly request: Request;
  readonly attempt: LoginAttempt;
  readonly hello: ParsedHello | undefined;
  readonly fault: FaultAfterReply | undefined;
}

export function withWords({ args, raw }: RespRequest): Request {
  return { args, raw, words: [upper(args[0]), upper(args[1])] };
}

function upper(argument: Buffer | undefined): string {
  return argument === undefined ? '' : argument.toString('latin1', 0, 64).toUpperCase();
}

/** The SETNAME of a HELLO. */
export function nameOf(hello: ParsedHello | undefined): { readonly name?: string } {
  return hello === undefined || 'error' in hello || hello.name === undefined ? {} : { name: hello.name };
}
