import { retryDelayMs, transient, type Failure } from './retry.ts';
import { askAgainAt, isAboutToCome, isSpread, renewAt, safetyMarginMs } from './schedule.ts';
import {
  type Effect,
  type Env,
  type HeldToken,
  initialState,
  type Input,
  isUsable,
  type State,
  type Transition,
} from './state.ts';

/** What each input makes of a state. Pure, as is the state. */

const valueOf = (token: HeldToken): string => token.credentials.password;
const userOf = (token: HeldToken): string => token.credentials.username;

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
  const force = asksPastCache(state, env);
  return {
    state: {
      ...state,
      phase: 'requesting',
      requestId,
      forced: state.refused !== undefined,
      pastCache: force,
      lastRequestAt: env.now,
      wakeAt: env.now + env.requestTimeoutMs,
      failsAtOnce: false,
    },
    effects: [{ type: 'request', requestId, force }],
  };
}

/**
 * After a refusal; where a cache would answer with what is in hand (`pastCacheTry`), or with what is over; and for a renewal that is spread
 * over the life, which comes before a cache lets go of the token.
 */
function asksPastCache(state: State, { now, refresh }: Env): boolean {
  const { refused, pastCacheTry, token, spread, cannotPassCache } = state;
  if (refused !== undefined || pastCacheTry === 'now') return true;
  if (token !== undefined && !isUsable(token, now)) return true;
  return spread && refresh.pastCache && !cannotPassCache;
}

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
  if (refusedAgain && !state.pastCache) return requestSoon(state, env);
  const same = held !== undefined && valueOf(answer) === valueOf(held);
  const answered: State = {
    ...state,
    refusals: state.forced ? state.refusals : 0,
    // Also where there is only the refused token again: it is used again, and the next refusal counts.
    refused: undefined,
    pastCacheTry: state.pastCacheTry === 'now' ? 'done' : state.pastCacheTry,
    cannotPassCache: state.cannotPassCache || (state.pastCache && (same || refusedAgain)),
  };
  if (same && !isUsable(held, env.now)) return onFailure(answered, env.staleFailure(), env);
  if (held !== undefined && (same || keepsHeld(state, held, answer, env)))
    return onUnchanged(answered, held, same, env);
  // Processes that started together, or waited together for the provider, would move in step.
  const spread = (state.attempt > 0 || !isUsable(held, env.now)) && isSpread(answer, env.refresh);
  const at = renewAt(answer, env.now, env.refresh, env.random, spread);
  const formerIdentity = userOf(answer) === state.servedUser ? state.formerIdentity : held;
  const isTry = held !== undefined && isOfRefusedIdentity(state, held, answer);
  const triedInMarginOf = isTry ? held : state.triedInMarginOf;
  return serve(
    { ...answered, unchanged: 0, pastCacheTry: 'not yet', spread, formerIdentity, triedInMarginOf },
    answer,
    !refusedAgain,
    at,
    env,
  );
}

const marginAt = ({ expiresAt, obtainedAt }: HeldToken): number => expiresAt - safetyMarginMs(expiresAt - obtainedAt);

/** A valid current token is not replaced by one that expires earlier, nor for what a server refused. */
function keepsHeld(state: State, held: HeldToken, answer: HeldToken, env: Env): boolean {
  const { refused, lastRefused } = state;
  if (!isUsable(held, env.now) || valueOf(held) === refused) return false;
  if (answer.expiresAt <= held.expiresAt) return true;
  if (lastRefused === undefined || valueOf(lastRefused) === valueOf(held)) return false;
  if (isOfRefusedIdentity(state, held, answer)) {
    return env.now < marginAt(held) || state.triedInMarginOf === held;
  }
  return valueOf(answer) === valueOf(lastRefused);
}

/** A server refused the identity of the answer, which is another than that of the current token. */
const isOfRefusedIdentity = ({ lastRefused }: State, held: HeldToken, answer: HeldToken): boolean =>
  lastRefused !== undefined && userOf(answer) === userOf(lastRefused) && userOf(held) !== userOf(lastRefused);

function onUnchanged(state: State, held: HeldToken, same: boolean, env: Env): Transition {
  const unchanged = state.unchanged + 1;
  const mayPass =
    env.refresh.pastCache && same && state.pastCacheTry === 'not yet' && !state.pastCache && !state.cannotPassCache;
  if (mayPass && !isAboutToCome(held, env.now, unchanged, env.refresh)) {
    return serve({ ...state, unchanged, pastCacheTry: 'now' }, held, false, env.now, env);
  }
  const at = askAgainAt(held, env.now, unchanged, env.refresh, env.random, state.spread);
  return serve({ ...state, unchanged }, held, false, at, env);
}

function serve(state: State, token: HeldToken, changed: boolean, at: number, env: Env): Transition {
  const servedUser = userOf(token);
  const next = waitUntil({ ...state, token, servedUser, attempt: 0, failsAtOnce: false }, at, env);
  const from =
    changed && state.servedUser !== undefined && state.servedUser !== servedUser
      ? { formerUser: state.servedUser }
      : {};
  return { state: next, effects: [{ type: 'token', token, changed, refreshAt: next.wakeAt, ...from }] };
}

function onFailure(state: State, failure: Failure, env: Env): Transition {
  const attempt = state.attempt + 1;
  const at = retryAtOf(state, failure, attempt, env);
  // Nobody waits for a request that is far away.
  const failsAtOnce = failure.permanent || at - env.now > env.retry.maxDelayMs;
  const next = waitUntil({ ...state, attempt, failsAtOnce }, at, env);
  const usable = isUsable(state.token, env.now);
  return { state: next, effects: [{ type: 'failed', failure, attempt, retryAt: next.wakeAt, usable }] };
}

/** What a provider asks for by Retry-After does not outlast the current token: it is asked at the margin before the end, and at the end. */
function retryAtOf({ token }: State, failure: Failure, attempt: number, { now, retry, random }: Env): number {
  const requestedAt = now + retryDelayMs(attempt, failure, retry, random);
  if (failure.retryAfterMs === undefined || !isUsable(token, now)) return requestedAt;
  const backoffAt = now + retryDelayMs(attempt, { ...failure, retryAfterMs: undefined }, retry, random);
  return Math.max(backoffAt, Math.min(requestedAt, marginAt(token) > now ? marginAt(token) : token.expiresAt));
}

/**
 * The first refusal discards the token and asks for another at once: it may have been revoked. A server that refuses that one
 * too refuses the identity, or has not heard of it yet: what other servers may accept stays in use, and further tokens are
 * requested less and less often, because each of them is an AUTH on every connection.
 */
function onRefused(state: State, value: string, env: Env): Transition {
  const { token, formerIdentity: former } = state;
  if (former !== undefined && valueOf(former) === value)
    return { state: { ...state, formerIdentity: undefined }, effects: [] };
  if (token === undefined || valueOf(token) !== value || value === state.refused) return { state, effects: [] };
  if (isUsable(former, env.now))
    return backTo(former, { ...state, lastRefused: token, formerIdentity: undefined }, env);
  const refusals = state.refusals + 1;
  const next: State = {
    ...state,
    token: refusals === 1 ? undefined : token,
    refusals,
    refused: value,
    lastRefused: token,
  };
  // A request under way, or what a failing provider asked for, comes first.
  if (state.phase === 'requesting' || state.attempt > 0) return { state: next, effects: [] };
  if (refusals === 1) return requestSoon(next, env);
  const longest = Math.max(env.retry.maxDelayMs, (token.expiresAt - token.obtainedAt) / 4);
  const delayMs = retryDelayMs(refusals, transient, { ...env.retry, maxDelayMs: longest }, env.random);
  return { state: waitUntil(next, Math.min(state.wakeAt, env.now + delayMs), env), effects: [] };
}

/** Another identity came, and was refused: who was there before is still good. */
function backTo(former: HeldToken, state: State, env: Env): Transition {
  return serve({ ...state, unchanged: 0 }, former, true, renewAt(former, env.now, env.refresh, env.random, false), env);
}

function onClose(state: State): Transition {
  const abort: Effect[] =
    state.phase === 'requesting' ? [{ type: 'abort', requestId: state.requestId, reason: 'closed' }] : [];
  return {
    state: { ...initialState, phase: 'closed', requestId: state.requestId },
    effects: [...abort, { type: 'closed' }],
  };
}
