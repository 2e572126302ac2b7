import { refuseAsOptions } from '../connections/adapter-options.ts';
import type { Connection, Registration } from '../connections/contract.ts';
import { Reauthenticator } from '../connections/reauthenticator.ts';
import { authRefused } from '../errors/auth-refused.ts';
import { type EntraRedisError, invalidOption, managerClosed } from '../errors/errors.ts';
import {
  failureOfRequest,
  requestFailure,
  requestTimeout,
  sameFailure,
  staleToken,
} from '../errors/provider-errors.ts';
import { Dispatcher } from '../events/dispatcher.ts';
import type { TokenListener } from '../events/events.ts';
import { ClockSkewWarning, type Stake, UnheardWarnings } from '../events/warnings.ts';
import { ManagerTime } from '../time.ts';
import { readClaims } from '../tokens/claims.ts';
import { type Credentials, createCredentials, type Token } from '../tokens/credentials.ts';
import { fromTokenCredential, type IdentityProvider, type TokenCredential } from '../tokens/identity-provider.ts';
import { clockAheadMs, usernameOf, validateToken } from '../tokens/validate-token.ts';
import { resolveOptions, type Settings, type TokenManagerOptions } from './options.ts';
import { type Failure, isPermanent, retryAfterMs, transient } from './retry.ts';
import { type Effect, type HeldToken, initialState, type Input, isUsable, type State } from './state.ts';
import { transition } from './transitions.ts';
import type { TokenManager } from './types.ts';
import { Waiters } from './waiters.ts';

/** How often wall and monotonic clocks are compared, to notice a sleep. */
const heartbeatMs = 30_000;

/**
 * Makes a manager of the tokens of one identity, for any number of clients. It requests nothing before the first
 * `credentials()` or `register()`, then renews until `close()`. It never keeps the process alive.
 *
 * @param source a credential of `@azure/identity`, or an identity provider of your own
 * @throws EntraRedisError ERR_INVALID_OPTION
 */
export function createTokenManager(
  source: TokenCredential | IdentityProvider,
  options?: TokenManagerOptions,
): TokenManager {
  const settings = resolveOptions(options);
  if (typeof (source as IdentityProvider | undefined)?.requestToken === 'function') {
    return new Manager(source as IdentityProvider, settings);
  }
  if (typeof (source as TokenCredential | undefined)?.getToken !== 'function') {
    throw invalidOption('source', source, 'a TokenCredential (getToken) or an IdentityProvider (requestToken)');
  }
  const { scope, clock } = settings;
  const provider = fromTokenCredential(source as TokenCredential, scope === undefined ? { clock } : { scope, clock });
  return new Manager(provider, settings);
}

class Manager implements TokenManager {
  static {
    refuseAsOptions(this.prototype);
  }

  readonly #provider: IdentityProvider;
  readonly #settings: Settings;
  readonly #time: ManagerTime;
  /** What others may quote: the current token, or the one that a refusal discarded. */
  readonly #knownToken = (): string | undefined => (this.#state.token ?? this.#state.lastRefused)?.credentials.password;
  readonly #events = new Dispatcher(this.#knownToken, new UnheardWarnings(() => this.#stake()));
  readonly #waiters = new Waiters();
  readonly #skewWarning = new ClockSkewWarning();
  readonly #reauthenticator: Reauthenticator;
  readonly #timeoutFailure = (): Failure => ({
    error: requestTimeout(this.#settings.requestTimeoutMs),
    ...transient,
  });
  readonly #staleFailure = (): Failure => ({
    error: staleToken(this.#time.toWall(this.#state.token?.expiresAt ?? 0)),
    ...transient,
  });
  #state: State = initialState;
  #abort: AbortController | undefined;
  /** That issued the current token, and the one before. */
  #tenants: { readonly former?: string | undefined; readonly current?: string | undefined } = {};
  /** What was reported of the last request that failed. */
  #lastFailure: EntraRedisError | undefined;
  #cancelTimer: (() => void) | undefined;
  #reauthenticateAt = Infinity;

  constructor(provider: IdentityProvider, settings: Settings) {
    this.#provider = provider;
    this.#settings = settings;
    this.#time = new ManagerTime(settings.clock);
    this.#reauthenticator = new Reauthenticator({
      time: this.#time,
      reauthWindowMs: settings.reauthWindowMs,
      retry: settings.retry,
      random: () => settings.clock.random(),
      wakeAt: (at) => {
        this.#reauthenticateAt = at;
        this.#arm();
      },
      emit: (event) => this.#events.emit(event),
      reject: (credentials, error) => {
        this.reject(credentials, error);
        return this.#state.token?.credentials.password !== credentials.password;
      },
      refusal: (credentials, error) => this.#refusal(credentials, error),
    });
  }

  get current(): Credentials | undefined {
    const { token } = this.#state;
    return isUsable(token, this.#time.now()) ? token.credentials : undefined;
  }

  get connections(): number {
    return this.#reauthenticator.stake.connections;
  }

  async credentials({ signal }: { signal?: AbortSignal } = {}): Promise<Credentials> {
    signal?.throwIfAborted();
    this.#apply({ type: 'demand' });
    // After a sleep: notices an expired token at once, not at the next heartbeat.
    this.#apply({ type: 'tick' });
    // The provider and listeners were called: they may have aborted or closed.
    signal?.throwIfAborted();
    if (this.#state.phase === 'closed') throw managerClosed();
    if (this.current !== undefined) return this.current;
    if (this.#state.failsAtOnce && this.#lastFailure !== undefined) throw sameFailure(this.#lastFailure);
    return await this.#waiters.wait(signal);
  }

  subscribe(listener: TokenListener): () => void {
    if (typeof listener !== 'function') throw invalidOption('listener', listener, 'a function');
    return this.#events.subscribe(listener);
  }

  register(connection: Connection): Registration {
    if (this.#state.phase === 'closed') throw managerClosed();
    const registration = this.#reauthenticator.register(connection);
    this.#apply({ type: 'demand' });
    return registration;
  }

  reject(credentials: Credentials, error: unknown): void {
    const before = this.#state;
    const tenants = this.#tenants;
    this.#apply({ type: 'refused', value: credentials.password });
    if (this.#state === before) return;
    const { username } = credentials;
    this.#events.emit({ type: 'refused', username, error: this.#refusal(credentials, error, tenants) });
  }

  close(): void {
    this.#apply({ type: 'close' });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #apply(input: Input): void {
    const { refresh, retry, requestTimeoutMs, clock } = this.#settings;
    const now = this.#time.now();
    const failures = { timeoutFailure: this.#timeoutFailure, staleFailure: this.#staleFailure };
    const env = { now, random: clock.random(), refresh, retry, requestTimeoutMs, ...failures };
    const { state, effects } = transition(this.#state, input, env);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#arm();
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'request':
        return this.#request(effect.requestId, effect.force);
      case 'abort':
        return this.#abort?.abort(
          effect.reason === 'closed' ? managerClosed() : requestTimeout(this.#settings.requestTimeoutMs),
        );
      case 'token':
        return this.#serve(effect);
      case 'failed':
        return this.#failed(effect);
      case 'closed':
        return this.#closed();
    }
  }

  #request(requestId: number, force: boolean): void {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    // A provider that throws at once is no different from one that rejects.
    const answer = new Promise<Token>((resolve) => {
      resolve(this.#provider.requestToken({ signal, force }));
    });
    answer
      .then((token) => this.#toHeldToken(token))
      .then(
        (token) => this.#apply({ type: 'answer', requestId, token }),
        (error: unknown) => this.#apply({ type: 'failure', requestId, failure: this.#classify(error) }),
      );
  }

  /** A checked answer, its instants in this manager's time. */
  #toHeldToken(answer: Token): HeldToken {
    const now = this.#settings.clock.now();
    const token = validateToken(answer, now);
    this.#skewWarning.tell(clockAheadMs(token.value, now));
    const username = usernameOf(token, this.#settings.username);
    return {
      credentials: createCredentials(username, token.value, token.expiresAt),
      obtainedAt: this.#time.fromWall(token.obtainedAt),
      expiresAt: this.#time.fromWall(token.expiresAt),
      refreshAfter: token.refreshAfter === undefined ? undefined : this.#time.fromWall(token.refreshAfter),
    };
  }

  #classify(error: unknown): Failure {
    const { isRetryable, clock } = this.#settings;
    try {
      const permanent = isRetryable === undefined ? isPermanent(error) : !isRetryable(error);
      return { error, permanent, retryAfterMs: retryAfterMs(error, clock.now()) };
    } catch {
      // An isRetryable, or an error, that throws while it is looked at must not end the manager.
      return { error, ...transient };
    }
  }

  #refusal(credentials: Credentials, error: unknown, { former } = this.#tenants): EntraRedisError {
    const { scope, clock } = this.#settings;
    return authRefused(credentials, error, { now: clock.now(), scope, formerTenant: former });
  }

  #stake(): Stake {
    const { expiresAt = this.#state.token?.expiresAt, address } = this.#reauthenticator.stake;
    const closedAt = expiresAt === undefined ? undefined : this.#time.toWall(expiresAt);
    const isOver = expiresAt !== undefined && expiresAt <= this.#time.now();
    return { username: this.#state.servedUser, closedAt, isOver, address };
  }

  #serve({ token, changed, refreshAt, formerUser }: Effect & { type: 'token' }): void {
    const { credentials, expiresAt } = token;
    if (formerUser !== undefined) {
      this.#events.emit({ type: 'identity-changed', formerUsername: formerUser, username: credentials.username });
    }
    if (changed) {
      this.#tenants = { former: this.#tenants.current, current: readClaims(credentials.password).tid };
      this.#reauthenticator.renew({ credentials, expiresAt, lifeMs: expiresAt - token.obtainedAt });
    } else {
      this.#reauthenticator.retryRefused();
    }
    this.#waiters.release(() => this.current);
    if (!changed) return;
    const durationMs = this.#time.now() - this.#state.lastRequestAt;
    this.#events.emit({ type: 'token', credentials, durationMs, refreshAt: this.#time.toWall(refreshAt) });
  }

  #failed({ failure, attempt, retryAt, usable }: Effect & { type: 'failed' }): void {
    const { permanent } = failure;
    const error = requestFailure(failure.error, permanent, this.#knownToken());
    this.#lastFailure = error;
    this.#waiters.reject(() => failureOfRequest(error));
    const common = { error, attempt, retryAt: this.#time.toWall(retryAt) };
    this.#events.emit(usable && !permanent ? { type: 'retry', ...common } : { type: 'failed', ...common, permanent });
  }

  #closed(): void {
    this.#reauthenticator.close();
    this.#events.close();
    this.#waiters.reject(managerClosed);
  }

  /** One timer: the next thing to do, or the heartbeat that notices a sleep. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#state.phase === 'idle' || this.#state.phase === 'closed') return;
    const next = Math.min(this.#state.wakeAt, this.#reauthenticateAt);
    const delayMs = Math.min(heartbeatMs, Math.max(0, next - this.#time.now()));
    this.#cancelTimer = this.#settings.clock.schedule(delayMs, () => {
      this.#apply({ type: 'tick' });
      this.#reauthenticator.tick();
    });
  }
}
