import { authUnanswered, EntraRedisError, isRefusal } from '../errors/errors.ts';
import { withoutSecret } from '../errors/redact.ts';
import type { TokenEvent } from '../events/events.ts';
import { retryDelayMs, type RetryPolicy, transient } from '../manager/retry.ts';
import type { ManagerTime } from '../time.ts';
import type { Credentials } from '../tokens/credentials.ts';
import {
  authWindowMs,
  isLostTooLong,
  isUnanswered,
  lookAgainAt,
  retryLostMs,
  tellDelayMs,
  watchAt,
} from './auth-window.ts';
import type { Connection, Registration } from './contract.ts';
import {
  type ConnectionOwner,
  current,
  due,
  offline,
  parked,
  RegisteredConnection,
  sending,
  type TargetToken,
} from './registered-connection.ts';
import { WakeHeap } from './wake-heap.ts';

/** What a re-authenticator needs of its manager. */
export interface ReauthenticatorOptions {
  readonly time: ManagerTime;
  readonly reauthWindowMs: number;
  readonly retry: RetryPolicy;
  random(): number;
  /** Wakes it (`tick`) at an instant of that time; replaces the former one. */
  wakeAt(at: number): void;
  emit(event: TokenEvent): void;
  /** The server refused these. Answers whether the manager gave them up: then it has, or asks for, others. */
  reject(credentials: Credentials, error: unknown): boolean;
  /** ERR_AUTH_REFUSED that tells why. */
  refusal(credentials: Credentials, error: unknown): EntraRedisError;
}

/** Brings each new token to every registered connection: one AUTH each, spread over a window, retried, before the server cuts. */
export class Reauthenticator implements ConnectionOwner {
  readonly #options: ReauthenticatorOptions;
  readonly #connections = new Set<RegisteredConnection>();
  readonly #heap = new WakeHeap<RegisteredConnection>();
  #target: TargetToken | undefined;

  constructor(options: ReauthenticatorOptions) {
    this.#options = options;
  }

  register(adapter: Connection): Registration {
    const connection = new RegisteredConnection(this, adapter);
    this.#connections.add(connection);
    return connection;
  }

  /** Connections that are up, and what is at stake with them. */
  get stake(): {
    readonly connections: number;
    readonly expiresAt: number | undefined;
    readonly address: string | undefined;
  } {
    const live = [...this.#connections].filter(({ phase }) => phase !== offline);
    const expiresAt = live.reduce((first, { login }) => Math.min(first, (login as TargetToken).expiresAt), Infinity);
    const [one] = this.#connections;
    return {
      connections: live.length,
      expiresAt: expiresAt === Infinity ? undefined : expiresAt,
      address: one?.identity.address,
    };
  }

  /** A new token: every live connection gets its own instant in the window. */
  renew(target: TargetToken): void {
    this.#target = target;
    const now = this.#options.time.now();
    const live = [...this.#connections].filter(({ phase }) => phase !== offline);
    for (const [place, connection] of live.entries()) {
      this.#planInWindow(connection, now, (place + this.#options.random()) / live.length);
    }
    this.#arm();
  }

  /** The provider has no other token than the refused one: those that wait for another try again, paced. */
  retryRefused(): void {
    const now = this.#options.time.now();
    for (const connection of this.#connections) {
      if (connection.phase === due && connection.heapIndex < 0) {
        this.#planAt(connection, now + this.#backoffMs(connection.refusals));
      }
    }
    this.#arm();
  }

  authenticated(connection: RegisteredConnection, credentials: Credentials): void {
    connection.epoch += 1;
    connection.attempt = 0;
    connection.refusals = 0;
    const target = this.#target;
    const { time } = this.#options;
    // The target itself where it can be: one object for all connections.
    connection.login =
      // Stryker disable next-line ConditionalExpression : it saves memory alone
      target?.credentials.password === credentials.password
        ? target
        : { credentials, expiresAt: time.fromWall(credentials.expiresAt), lifeMs: target?.lifeMs ?? 0 };
    // A newer token came during the handshake.
    if (target !== undefined && target.expiresAt > connection.login.expiresAt) {
      this.#planAt(connection, time.now());
    } else {
      this.#settle(connection);
    }
    this.#arm();
  }

  disconnected(connection: RegisteredConnection): void {
    connection.epoch += 1;
    connection.phase = offline;
    connection.login = undefined;
    connection.attempt = 0;
    this.#heap.delete(connection);
  }

  /** `early`: also where its instant in the window is still to come. */
  resume(connection: RegisteredConnection, early: boolean): void {
    const isPlanned = connection.phase === due && connection.attempt + connection.refusals === 0;
    if (connection.phase !== parked && !(early && isPlanned)) return;
    connection.phase = due;
    this.#send(connection);
    this.#arm();
  }

  release(connection: RegisteredConnection): void {
    this.disconnected(connection);
    this.#connections.delete(connection);
    connection.owner = undefined;
  }

  close(): void {
    for (const connection of this.#connections) this.release(connection);
    this.#target = undefined;
  }

  /** Does what is due. */
  tick(): void {
    const now = this.#options.time.now();
    let toldCount = 0;
    for (
      let connection = this.#heap.peek();
      connection !== undefined && connection.wakeAt <= now;
      connection = this.#heap.peek()
    ) {
      if (connection.phase === due && (connection.deadlineTold === this.#target || !isLostTooLong(connection, now))) {
        this.#send(connection);
      } else if (isUnanswered(connection, now) && connection.isBlocked()) {
        this.#heap.set(connection, lookAgainAt(connection, now));
      } else if (connection.phase === sending && !connection.overdue) {
        connection.overdue = true;
        this.#heap.set(connection, now + 1);
      } else {
        this.#tellOrDelay(connection, now, tellDelayMs(connection, toldCount, this.#connections.size));
        toldCount += 1;
      }
    }
    this.#arm();
  }

  #tellOrDelay(connection: RegisteredConnection, now: number, delayMs: number): void {
    if (delayMs > 0) return this.#heap.set(connection, now + delayMs);
    const target = this.#target as TargetToken;
    // What is due stays, and is sent next.
    if (connection.phase !== due) this.#heap.delete(connection);
    if (connection.deadlineTold !== target) {
      connection.deadlineTold = target;
      const unanswered = isUnanswered(connection, now);
      connection.tellDeadline(target.credentials);
      if (unanswered) this.#emitFailure(connection, authUnanswered());
    }
  }

  #planInWindow(connection: RegisteredConnection, now: number, share: number): void {
    connection.attempt = 0;
    if (connection.phase === sending) {
      // Its answer comes first. If it knew of the former deadline and continued, it also learns of this one.
      if (connection.heapIndex < 0) this.#watch(connection);
      return;
    }
    // Another identity's token was refused, and this one is good again.
    if (connection.isLoggedInWith(this.#target)) return this.#settle(connection);
    const { refusals } = connection;
    if (refusals > 0) return this.#planAt(connection, now + (refusals === 1 ? 0 : this.#backoffMs(refusals)));
    this.#planAt(connection, now + authWindowMs(connection, now, this.#options.reauthWindowMs) * share);
  }

  #send(connection: RegisteredConnection): void {
    const target = this.#target as TargetToken;
    const free = connection.mayAuthenticate();
    // A connection that is asked, or learns of the deadline, may say that the socket is gone.
    if (connection.phase !== due) return;
    if (!free) {
      connection.phase = parked;
      return this.#watch(connection);
    }
    connection.phase = sending;
    connection.overdue = false;
    connection.epoch += 1;
    const { epoch } = connection;
    const sentAt = this.#options.time.now();
    this.#watch(connection);
    connection.sendAuth(target.credentials).then(
      () => {
        if (connection.epoch === epoch) this.#accepted(connection, target, sentAt);
      },
      (error: unknown) => {
        if (connection.epoch === epoch) this.#failed(connection, target, error);
      },
    );
  }

  #accepted(connection: RegisteredConnection, target: TargetToken, sentAt: number): void {
    const durationMs = this.#options.time.now() - sentAt;
    connection.login = target;
    connection.attempt = 0;
    connection.refusals = 0;
    if (this.#target === target) this.#settle(connection);
    else this.#planAt(connection, this.#options.time.now());
    this.#arm();
    const { expiresAt } = target.credentials;
    this.#options.emit({ type: 'reauthenticated', connection: connection.identity, expiresAt, durationMs });
  }

  #failed(connection: RegisteredConnection, target: TargetToken, error: unknown): void {
    const now = this.#options.time.now();
    if (this.#target !== target) {
      // A refusal leaves the login as it was.
      if (isRefusal(error) && connection.isLoggedInWith(this.#target)) this.#settle(connection);
      else this.#planAt(connection, now);
      return this.#arm();
    }
    const cause = withoutSecret(error, target.credentials.password);
    if (isRefusal(error)) return this.#refused(connection, target, cause);
    const backoffMs = this.#backoffMs(++connection.attempt);
    this.#planAt(connection, now + retryLostMs(connection, now, backoffMs, this.#options.retry.initialDelayMs));
    this.#arm();
    this.#emitFailure(connection, new EntraRedisError('ERR_AUTH_FAILED', `AUTH got lost: ${cause.message}`, { cause }));
  }

  /** The first refusal is answered by a forced request and one retry with what it brings; further ones are paced, and told. */
  #refused(connection: RegisteredConnection, target: TargetToken, cause: Error): void {
    connection.refusals += 1;
    connection.attempt = 0;
    connection.phase = due;
    this.#heap.delete(connection);
    const givenUp = this.#options.reject(target.credentials, cause);
    // A listener may have closed the connection.
    if (connection.phase !== due) return this.#arm();
    if (!givenUp) this.#planAt(connection, this.#options.time.now() + this.#backoffMs(connection.refusals));
    this.#arm();
    if (connection.refusals > 1) this.#emitFailure(connection, this.#options.refusal(target.credentials, cause));
  }

  #emitFailure(connection: RegisteredConnection, error: EntraRedisError): void {
    const { attempt, refusals, heapIndex } = connection;
    const wakeAt = heapIndex < 0 ? this.#options.time.now() + this.#backoffMs(refusals) : connection.wakeAt;
    this.#options.emit({
      type: 'reauthentication-failed',
      connection: connection.identity,
      error,
      attempt: Math.max(1, attempt, refusals),
      retryAt: this.#options.time.toWall(wakeAt),
    });
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(attempt, transient, this.#options.retry, this.#options.random());
  }

  #planAt(connection: RegisteredConnection, at: number): void {
    connection.phase = due;
    this.#heap.set(connection, at);
  }

  #settle(connection: RegisteredConnection): void {
    connection.phase = current;
    this.#heap.delete(connection);
  }

  #watch(connection: RegisteredConnection): void {
    this.#heap.set(connection, watchAt(connection, this.#options.time.now()));
  }

  #arm(): void {
    this.#options.wakeAt(this.#heap.peek()?.wakeAt ?? Infinity);
  }
}
