/**
 * The manager's life as a pure function: no clock, no random source, no I/O. Instants are on the manager's own timeline, in ms.
 *
 * | phase      | means                                                   | leaves by                               |
 * |------------|---------------------------------------------------------|-----------------------------------------|
 * | idle       | nobody has asked for a token yet                        | demand                                  |
 * | requesting | one request is under way                                | answer, failure, timeout (tick), close  |
 * | waiting    | the next request is due at `wakeAt`                     | tick, refused                           |
 * | closed     | the end                                                 | -                                       |
 */
import { type Failure, retryDelayMs, type RetryPolicy, transient } from './retry.ts';
import { askAgainAt, isAboutToCome, type RefreshPolicy, renewAt, safetyMarginMs, type TokenLife } from './schedule.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** A token as the state machine knows it: its life here, and what AUTH sends, whose password tells it from others. */
export interface HeldToken extends TokenLife {
  readonly credentials: Credentials;
}

const valueOf = (token: HeldToken): string => token.credentials.password;
const userOf = (token: HeldToken): string => token.credentials.username;

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
  /** What a server refused last: while another token is good, neither it nor its identity is served again. */
  readonly banned: HeldToken | undefined;
  /** The token of another identity, which the one in hand replaced. */
  readonly former: HeldToken | undefined;
  /** Whose tokens connections have. */
  readonly user: string | undefined;
  /** `requesting`: because of a refusal. */
  readonly forced: boolean;
  /** `requesting`: past the provider's cache. */
  readonly passing: boolean;
  /** The planned renewal brought the token in hand: the next request passes the provider's cache. Once for each token. */
  readonly early: 'not yet' | 'now' | 'done';
  /** The provider answered a request past its cache with what it had given before: it cannot. */
  readonly cannotPass: boolean;
  /** The token came after a start or a failure: its renewal is spread widely. */
  readonly spread: boolean;
  /** A permanent failure that holds until the next request: callers without a token learn it at once. */
  readonly hold: Failure | undefined;
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
  readonly refresh: RefreshPolicy;
  readonly retry: RetryPolicy;
  readonly requestTimeoutMs: number;
  /** Stands for a request that ran out of time. Made where it is needed: an error's stack costs more than all the rest. */
  readonly timeoutFailure: () => Failure;
  /** Stands for an answer with a token that is over. */
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
  banned: undefined,
  former: undefined,
  user: undefined,
  forced: false,
  passing: false,
  early: 'not yet',
  cannotPass: false,
  spread: false,
  hold: undefined,
};

export function isUsable(token: HeldToken | undefined, now: number): token is HeldToken {
  return token !== undefined && token.expiresAt > now;
}

export function transition(state: State, input: Input, env: Env): Transition {
  if (state.phase === 'closed') return { state, effects: [] };
  switch (input.type) {
    case 'demand':
      return state.phase === 'idle' ? requestSoon(state, env) : { state, effects: [] };
    case 'tick':
      return onTick(state, env);
    case 'answer':
      return isAwaited(state, input.requestId) ? onAnswer(state, input.token, env) : { state, effects: [] };
    case 'failure':
      return isAwaited(state, input.requestId) ? onFailure(state, input.failure, env) : { state, effects: [] };
    case 'refused':
      return onRefused(state, input.value, env);
    case 'close':
      return onClose(state);
  }
}

const isAwaited = (state: State, requestId: number): boolean =>
  state.phase === 'requesting' && state.requestId === requestId;

/** Never earlier than the minimum interval after the former request. */
const waitUntil = (state: State, at: number, env: Env): State => ({
  ...state,
  phase: 'waiting',
  wakeAt: Math.max(at, state.lastRequestAt + env.refresh.minIntervalMs),
});

/** Requests as soon as the minimum interval allows. */
function requestSoon(state: State, env: Env): Transition {
  const waiting = waitUntil(state, env.now, env);
  if (waiting.wakeAt > env.now) return { state: waiting, effects: [] };
  const requestId = state.requestId + 1;
  const force = passesCache(state, env);
  return {
    state: {
      ...state,
      phase: 'requesting',
      requestId,
      forced: state.refused !== undefined,
      passing: force,
      lastRequestAt: env.now,
      wakeAt: env.now + env.requestTimeoutMs,
      hold: undefined,
    },
    effects: [{ type: 'request', requestId, force }],
  };
}

/**
 * After a refusal; where a cache would answer with what is in hand (`early`), or with what is over; and for a renewal that is spread over
 * more than the usual jitter, which comes before a cache lets go of the token.
 */
function passesCache({ refused, early, token, spread }: State, { now, refresh }: Env): boolean {
  if (refused !== undefined || early === 'now') return true;
  return (token !== undefined && !isUsable(token, now)) || (spread && refresh.startJitterRatio > refresh.jitterRatio);
}

const policyFor = (spread: boolean, refresh: RefreshPolicy): RefreshPolicy =>
  spread ? { ...refresh, jitterRatio: refresh.startJitterRatio } : refresh;

function onTick(state: State, env: Env): Transition {
  // A sleep or a jump took the token before its planned refresh.
  const lost =
    state.phase === 'waiting' && state.attempt === 0 && state.token !== undefined && !isUsable(state.token, env.now);
  if (env.now < state.wakeAt && !lost) return { state, effects: [] };
  if (state.phase === 'waiting') return requestSoon(state, env);
  const next = onFailure(state, env.timeoutFailure(), env);
  return { ...next, effects: [{ type: 'abort', requestId: state.requestId, reason: 'timeout' }, ...next.effects] };
}

function onAnswer(state: State, answer: HeldToken, env: Env): Transition {
  const held = state.token;
  const refusedAgain = valueOf(answer) === state.refused;
  // It was refused while the request was under way.
  if (refusedAgain && !state.passing) return requestSoon(state, env);
  const same = held !== undefined && valueOf(answer) === valueOf(held);
  const answered: State = {
    ...state,
    refusals: state.forced ? state.refusals : 0,
    // Also where the refused token once more is all there is: it is served again, and the next refusal counts.
    refused: undefined,
    early: state.early === 'now' ? 'done' : state.early,
    cannotPass: state.cannotPass || (state.passing && (same || refusedAgain)),
  };
  if (same && !isUsable(held, env.now)) return onFailure(answered, env.staleFailure(), env);
  if (held !== undefined && (same || keeps(state, held, answer, env))) return onUnchanged(answered, held, same, env);
  // Processes that started together, or waited together for the provider, would move in step.
  const spread = state.attempt > 0 || !isUsable(held, env.now);
  const at = renewAt(answer, env.now, policyFor(spread, env.refresh), env.random);
  const former = userOf(answer) === state.user ? state.former : held;
  return serve({ ...answered, unchanged: 0, early: 'not yet', spread, former }, answer, !refusedAgain, at, env);
}

/** A good token in hand is not given up for one that ends earlier, nor for what a server refused. */
function keeps({ refused, banned }: State, held: HeldToken, answer: HeldToken, env: Env): boolean {
  if (!isUsable(held, env.now) || valueOf(held) === refused) return false;
  if (answer.expiresAt <= held.expiresAt) return true;
  if (banned === undefined || valueOf(banned) === valueOf(held)) return false;
  return valueOf(answer) === valueOf(banned) || (userOf(answer) === userOf(banned) && userOf(held) !== userOf(banned));
}

function onUnchanged(state: State, held: HeldToken, same: boolean, env: Env): Transition {
  const unchanged = state.unchanged + 1;
  const mayPass = env.refresh.pastCache && same && state.early === 'not yet' && !state.passing && !state.cannotPass;
  if (mayPass && !isAboutToCome(held, env.now, unchanged, env.refresh)) {
    return serve({ ...state, unchanged, early: 'now' }, held, false, env.now, env);
  }
  const at = askAgainAt(held, env.now, unchanged, policyFor(state.spread, env.refresh), env.random);
  return serve({ ...state, unchanged }, held, false, at, env);
}

function serve(state: State, token: HeldToken, changed: boolean, at: number, env: Env): Transition {
  const user = userOf(token);
  const next = waitUntil({ ...state, token, user, attempt: 0, hold: undefined }, at, env);
  const from = changed && state.user !== undefined && state.user !== user ? { formerUser: state.user } : {};
  return { state: next, effects: [{ type: 'token', token, changed, refreshAt: next.wakeAt, ...from }] };
}

function onFailure(state: State, failure: Failure, env: Env): Transition {
  const attempt = state.attempt + 1;
  const at = retryAtOf(state, failure, attempt, env);
  // Nobody waits for a request that is far away.
  const hold = failure.permanent || at - env.now > env.retry.maxDelayMs ? failure : undefined;
  const next = waitUntil({ ...state, attempt, hold }, at, env);
  const usable = isUsable(state.token, env.now);
  return { state: next, effects: [{ type: 'failed', failure, attempt, retryAt: next.wakeAt, usable }] };
}

/** What a provider asks for by Retry-After does not outlast the token in hand: it is asked at the margin before the end, and at the end. */
function retryAtOf({ token }: State, failure: Failure, attempt: number, { now, retry, random }: Env): number {
  const asked = now + retryDelayMs(attempt, failure, retry, random);
  if (failure.retryAfterMs === undefined || !isUsable(token, now)) return asked;
  const own = now + retryDelayMs(attempt, { ...failure, retryAfterMs: undefined }, retry, random);
  const marginAt = token.expiresAt - safetyMarginMs(token.expiresAt - token.obtainedAt);
  return Math.max(own, Math.min(asked, marginAt > now ? marginAt : token.expiresAt));
}

/**
 * The first refusal discards the token and asks for another at once: it may have been revoked. A server that refuses that one
 * too refuses the identity, or has not heard of it yet: what other servers may accept stays in use, and further tokens are
 * asked for ever more slowly, because each of them is an AUTH on every connection.
 */
function onRefused(state: State, value: string, env: Env): Transition {
  const { token, former } = state;
  if (former !== undefined && valueOf(former) === value) return { state: { ...state, former: undefined }, effects: [] };
  if (token === undefined || valueOf(token) !== value || value === state.refused) return { state, effects: [] };
  if (isUsable(former, env.now)) return backTo(former, { ...state, banned: token, former: undefined }, env);
  const refusals = state.refusals + 1;
  const next: State = { ...state, token: refusals === 1 ? undefined : token, refusals, refused: value, banned: token };
  // A request under way, or what a failing provider asked for, comes first.
  if (state.phase === 'requesting' || state.attempt > 0) return { state: next, effects: [] };
  if (refusals === 1) return requestSoon(next, env);
  const longest = Math.max(env.retry.maxDelayMs, (token.expiresAt - token.obtainedAt) / 4);
  const delayMs = retryDelayMs(refusals, transient, { ...env.retry, maxDelayMs: longest }, env.random);
  return { state: waitUntil(next, Math.min(state.wakeAt, env.now + delayMs), env), effects: [] };
}

/** Another identity came, and was refused: who was there before is still good. */
function backTo(former: HeldToken, state: State, env: Env): Transition {
  return serve({ ...state, unchanged: 0 }, former, true, renewAt(former, env.now, env.refresh, env.random), env);
}

function onClose(state: State): Transition {
  const abort: Effect[] =
    state.phase === 'requesting' ? [{ type: 'abort', requestId: state.requestId, reason: 'closed' }] : [];
  return {
    state: { ...initialState, phase: 'closed', requestId: state.requestId },
    effects: [...abort, { type: 'closed' }],
  };
}
