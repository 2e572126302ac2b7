/**
 * The manager's life as a pure function: no clock, no random source, no I/O. Instants are in the manager's own time, in ms.
 *
 * | phase      | means                                                   | leaves by                               |
 * |------------|---------------------------------------------------------|-----------------------------------------|
 * | idle       | nobody has asked for a token yet                        | demand                                  |
 * | requesting | one request is under way                                | answer, failure, timeout (tick), close  |
 * | waiting    | the next request is due at `wakeAt`                     | tick, refused                           |
 * | closed     | the end                                                 | -                                       |
 */
import type { Credentials } from '../tokens/credentials.ts';
import type { Failure, RetryPolicy } from './retry.ts';
import type { RenewalPolicy, TokenLife } from './schedule.ts';

/** A token as the state machine knows it: its life here, and what AUTH sends, whose password tells it from others. */
export interface HeldToken extends TokenLife {
  readonly credentials: Credentials;
}

export interface State {
  readonly phase: 'idle' | 'requesting' | 'waiting' | 'closed';
  readonly token: HeldToken | undefined;
  /** `requesting`: the id of the request; late answers carry another. */
  readonly requestId: number;
  readonly lastRequestAt: number;
  /** `waiting`: when to request. `requesting`: when to give up. */
  readonly wakeAt: number;
  /** Failed requests in a row. */
  readonly attempt: number;
  /** Unchanged answers in a row. */
  readonly unchanged: number;
  /** Tokens that a server refused since the last ordinary refresh. */
  readonly refusals: number;
  /** The token that was refused last: the next request is forced while there is no other. */
  readonly refused: string | undefined;
  /** What a server refused last: while another token is good, neither it nor its identity is served again, except for one try in the margin. */
  readonly lastRefused: HeldToken | undefined;
  /** The token in whose margin an identity that was refused had its one more try. */
  readonly triedInMarginOf: HeldToken | undefined;
  /** The token of another identity, which the one in hand replaced. */
  readonly formerIdentity: HeldToken | undefined;
  /** Whose tokens connections have. */
  readonly servedUser: string | undefined;
  /** `requesting`: because of a refusal. */
  readonly forced: boolean;
  /** `requesting`: past the provider's cache. */
  readonly pastCache: boolean;
  /** The planned renewal returned the current token: the next request passes the provider's cache. Once for each token. */
  readonly pastCacheTry: 'not yet' | 'now' | 'done';
  /** The provider answered a request past its cache with what it had given before: it cannot. */
  readonly cannotPassCache: boolean;
  /** The token came after a start or a failure: its renewal is spread over its life. */
  readonly spread: boolean;
  /** The next request is far away: until then, callers without a token learn of the last failure at once. */
  readonly failsAtOnce: boolean;
}

export type Input =
  | { readonly type: 'demand' }
  | { readonly type: 'tick' }
  | { readonly type: 'answer'; readonly requestId: number; readonly token: HeldToken }
  | { readonly type: 'failure'; readonly requestId: number; readonly failure: Failure }
  | { readonly type: 'refused'; readonly value: string }
  | { readonly type: 'close' };

export type Effect =
  | { readonly type: 'request'; readonly requestId: number; readonly force: boolean }
  | { readonly type: 'abort'; readonly requestId: number; readonly reason: 'timeout' | 'closed' }
  /** A token to serve; `changed` says whether connections need an AUTH, `formerUser` whose they were where that is somebody else. */
  | {
      readonly type: 'token';
      readonly token: HeldToken;
      readonly changed: boolean;
      readonly refreshAt: number;
      readonly formerUser?: string;
    }
  | {
      readonly type: 'failed';
      readonly failure: Failure;
      readonly attempt: number;
      readonly retryAt: number;
      readonly usable: boolean;
    }
  | { readonly type: 'closed' };

export interface Env {
  readonly now: number;
  readonly random: number;
  readonly refresh: RenewalPolicy;
  readonly retry: RetryPolicy;
  readonly requestTimeoutMs: number;
  /** Stands for a request that ran out of time. Made where it is needed: an error's stack costs more than all the rest. */
  readonly timeoutFailure: () => Failure;
  /** Stands for an answer with an expired token. */
  readonly staleFailure: () => Failure;
}

export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const initialState: State = {
  phase: 'idle',
  token: undefined,
  requestId: 0,
  lastRequestAt: -Infinity,
  wakeAt: Infinity,
  attempt: 0,
  unchanged: 0,
  refusals: 0,
  refused: undefined,
  lastRefused: undefined,
  triedInMarginOf: undefined,
  formerIdentity: undefined,
  servedUser: undefined,
  forced: false,
  pastCache: false,
  pastCacheTry: 'not yet',
  cannotPassCache: false,
  spread: false,
  failsAtOnce: false,
};

export function isUsable(token: HeldToken | undefined, now: number): token is HeldToken {
  return token !== undefined && token.expiresAt > now;
}
