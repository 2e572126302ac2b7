import type { LoginAttempt, ParsedHello } from '../policy/login-attempt.ts';
import type { Reply } from '../resp/reply.ts';
import type { RespRequest } from '../resp/request-parser.ts';
import type { CacheFault } from '../types.ts';
import type { Expected, FaultAfterReply } from './expected.ts';
import type { ReaderRules } from './reader-rules.ts';
import type { ReplyState } from './reply-state.ts';

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

/** What the way out asks of, and tells, the connection that it belongs to. */
export interface RequestListener {
  /** Nobody has to log in. */
  readonly open: boolean;
  /** User and password that the upstream accepts. */
  readonly upstreamLogin: readonly [string, string];
  /** Whether a reader may not send it. */
  readonly isForbidden: ReaderRules;
  /** A command has come; answers the fault that it meets. */
  onRequest(words: readonly string[], args: readonly Buffer[]): CacheFault['action'] | undefined;
  /** What the gate itself answers to a command; undefined: the upstream does. */
  answerTo(words: readonly string[], args: readonly Buffer[]): Reply | undefined;
  /** So many ordinary commands have come in a row. */
  onRun(bytes: Buffer, count: number): void;
  /** No command can meet a fault. */
  isFaultless(): boolean;
  onLogin(expected: Extract<Expected, { kind: 'login' }>, accepted: boolean): void;
  /** Something has been added for either side outside of `receive`. */
  onProgress(): void;
}

/** Whether the client wants replies: https://redis.io/docs/latest/commands/client-reply/. */
export class ClientReplies {
  #mode: 'on' | 'off' | 'skip' = 'on';

  get on(): boolean {
    return this.#mode === 'on';
  }

  /** Whether this command, sent now, will be answered. `CLIENT REPLY` must come when nothing else is in flight. */
  expects(words: readonly string[], args: readonly Buffer[], state: ReplyState): boolean {
    const wanted = switches(words, args) && !state.inMulti && !(state.resp === 2 && state.subscriber);
    if (wanted) return this.#switch(String(args[2]).toUpperCase());
    const mode = this.#mode;
    if (mode === 'skip' || (mode === 'off' && words[0] === 'RESET')) this.#mode = 'on';
    return mode === 'on' || (mode === 'off' && words[0] === 'RESET');
  }

  #switch(to: string): boolean {
    if (to === 'ON') this.#mode = 'on';
    else if (to === 'OFF') this.#mode = 'off';
    else if (to === 'SKIP' && this.#mode === 'on') this.#mode = 'skip';
    // Anything else is a syntax error, which is reported to listeners.
    return this.#mode === 'on';
  }
}

/** Whether a command is `CLIENT REPLY ON|OFF|SKIP`. */
export function switches(words: readonly string[], args: readonly Buffer[]): boolean {
  return words[0] === 'CLIENT' && words[1] === 'REPLY' && args.length === 3;
}
