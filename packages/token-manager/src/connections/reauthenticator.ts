import { authenticate, identityOf, isBlocked, mayAuthenticate, tellDeadline } from './adapter-calls.ts';
import type { Connection, Registration } from './contract.ts';
import { authUnanswered, EntraRedisError, isRefusal, withoutSecret } from '../errors/errors.ts';
import { WakeHeap } from './wake-heap.ts';
import { isLostTooLong, isUnanswered, lookAgainAt, retryMs, tellDelayMs, watchAt, windowMs } from './auth-window.ts';
import type { CoordinatorOptions } from './reauthenticator-options.ts';
import { RefreshPlan } from './refresh-plan.ts';
import { retryDelayMs, transient } from '../manager/retry.ts';
import { current, due, offline, parked, sending, Slot, type Target } from './registered-connection.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** Brings each new token to every registered connection: one AUTH each, spread over a window, retried, before the server cuts. */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #slots = new Set<Slot>();
  readonly #heap = new WakeHeap<Slot>();
  #target: Target | undefined;
  /** Of the newest token, until every connection has its instant. */
  #plan: RefreshPlan | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  register(connection: Connection): Registration {
    const slot = new Slot(this, connection);
    this.#slots.add(slot);
    return slot;
  }

  /** Connections that are up, and what is at stake with them. */
  get stake(): {
    readonly connections: number;
    readonly expiresAt: number | undefined;
    readonly address: string | undefined;
  } {
    const live = [...this.#slots].filter(({ phase }) => phase !== offline);
    const expiresAt = live.reduce((first, { login }) => Math.min(first, login?.expiresAt ?? Infinity), Infinity);
    const [one] = this.#slots;
    return {
      connections: live.length,
      expiresAt: expiresAt === Infinity ? undefined : expiresAt,
      address: one === undefined ? undefined : identityOf(one.connection).address,
    };
  }

  /** A new token: every live connection gets its own instant in the window. */
  refresh(target: Target): void {
    this.#target = target;
    this.#plan = new RefreshPlan(this.#slots);
    this.#planNext();
    this.#arm();
  }

  /** The provider has no other token than the refused one: those that wait for another try again, paced. */
  confirm(): void {
    const now = this.#options.timeline.now();
    for (const slot of this.#slots) {
      if (slot.phase === due && slot.heapIndex < 0) this.#planAt(slot, now + this.#backoffMs(slot.refusals));
    }
    this.#arm();
  }

  authenticated(slot: Slot, credentials: Credentials): void {
    slot.epoch += 1;
    slot.attempt = 0;
    slot.refusals = 0;
    const target = this.#target;
    const { timeline } = this.#options;
    // The target itself where it can be: one object for all connections.
    slot.login =
      // Stryker disable next-line ConditionalExpression : it saves memory alone
      target?.credentials.password === credentials.password
        ? target
        : { credentials, expiresAt: timeline.fromWall(credentials.expiresAt), lifeMs: target?.lifeMs ?? 0 };
    // A refresh happened during the handshake.
    if (target !== undefined && target.expiresAt > slot.login.expiresAt) this.#planAt(slot, timeline.now());
    else this.#settle(slot);
    this.#arm();
  }

  disconnected(slot: Slot): void {
    slot.epoch += 1;
    slot.phase = offline;
    slot.login = undefined;
    slot.attempt = 0;
    this.#heap.delete(slot);
  }

  /** `early`: also where its instant in the window is still to come. */
  resume(slot: Slot, early: boolean): void {
    const planned = slot.phase === due && slot.attempt + slot.refusals === 0;
    if (!(early && (planned || this.#isBehind(slot))) && slot.phase !== parked) return;
    slot.phase = due;
    this.#send(slot);
    this.#arm();
  }

  release(slot: Slot): void {
    this.disconnected(slot);
    this.#slots.delete(slot);
    slot.owner = undefined;
  }

  close(): void {
    for (const slot of this.#slots) this.release(slot);
    this.#target = undefined;
    this.#plan = undefined;
  }

  /** Does what is due; what a new token moves to another instant is due then. */
  tick(): void {
    this.#planNext();
    if (this.#plan === undefined) this.#sendDue();
    this.#arm();
  }

  #sendDue(): void {
    const now = this.#options.timeline.now();
    let told = 0;
    for (let slot = this.#heap.peek(); slot !== undefined && slot.wakeAt <= now; slot = this.#heap.peek()) {
      if (slot.phase === due && (slot.warned === this.#target || !isLostTooLong(slot, now))) {
        this.#send(slot);
      } else if (isUnanswered(slot, now) && isBlocked(slot.connection)) {
        this.#heap.set(slot, lookAgainAt(slot, now));
      } else if (slot.phase === sending && !slot.overdue) {
        slot.overdue = true;
        this.#heap.set(slot, now + 1);
      } else {
        this.#tellOrDelay(slot, now, tellDelayMs(slot, told, this.#slots.size));
        told += 1;
      }
    }
  }

  #tellOrDelay(slot: Slot, now: number, delayMs: number): void {
    if (delayMs > 0) return this.#heap.set(slot, now + delayMs);
    const target = this.#target as Target;
    const isDue = slot.phase === due;
    if (!isDue) this.#heap.delete(slot);
    if (slot.warned !== target) {
      slot.warned = target;
      const unanswered = isUnanswered(slot, now);
      tellDeadline(slot.connection, target.credentials);
      if (unanswered) this.#fail(slot, authUnanswered());
    }
    if (isDue) this.#send(slot);
  }

  #planNext(): void {
    const now = this.#options.timeline.now();
    this.#plan?.next(
      () => this.#options.random(),
      (slot, share) => this.#planInWindow(slot, now, share),
    );
    if (this.#plan?.isDone) this.#plan = undefined;
  }

  #planInWindow(slot: Slot, now: number, share: number): void {
    slot.attempt = 0;
    // It was told of the former token, and went on all the same.
    if (slot.phase === sending && slot.heapIndex < 0) this.#watch(slot);
    // Its answer comes first; or it was cut since the token came.
    if (slot.phase === sending || slot.phase === offline) return;
    // It logged in with it since; or another identity's was refused, and this one is good again.
    if (slot.login?.credentials.password === this.#target?.credentials.password) return this.#settle(slot);
    if (slot.refusals > 0) this.#planAt(slot, now + (slot.refusals === 1 ? 0 : this.#backoffMs(slot.refusals)));
    else this.#planAt(slot, now + windowMs(slot, now, this.#options.reauthWindowMs) * share);
  }

  /** The token that it should have has come, but not its turn to be planned. */
  #isBehind({ phase, login }: Slot): boolean {
    return phase === current && (login as Target).expiresAt < (this.#target?.expiresAt ?? 0);
  }

  #send(slot: Slot): void {
    const target = this.#target as Target;
    const free = mayAuthenticate(slot.connection);
    // Whoever is asked, or told of the deadline, may say that the socket is gone.
    if (slot.phase !== due) return;
    if (!free) {
      slot.phase = parked;
      return this.#watch(slot);
    }
    slot.phase = sending;
    slot.overdue = false;
    slot.epoch += 1;
    const { epoch } = slot;
    const sentAt = this.#options.timeline.now();
    this.#watch(slot);
    authenticate(slot.connection, target.credentials).then(
      () => {
        if (slot.epoch === epoch) this.#accepted(slot, target, sentAt);
      },
      (error: unknown) => {
        if (slot.epoch === epoch) this.#lost(slot, target, error);
      },
    );
  }

  #accepted(slot: Slot, target: Target, sentAt: number): void {
    const durationMs = this.#options.timeline.now() - sentAt;
    slot.login = target;
    slot.attempt = 0;
    slot.refusals = 0;
    if (this.#target === target) this.#settle(slot);
    else this.#planAt(slot, this.#options.timeline.now());
    this.#arm();
    const { expiresAt } = target.credentials;
    this.#options.emit({ type: 'reauthenticated', connection: identityOf(slot.connection), expiresAt, durationMs });
  }

  #lost(slot: Slot, target: Target, error: unknown): void {
    const now = this.#options.timeline.now();
    if (this.#target !== target) {
      this.#planAt(slot, now);
      return this.#arm();
    }
    slot.attempt += 1;
    const cause = withoutSecret(error, target.credentials.password);
    if (isRefusal(error)) return this.#refused(slot, target, cause);
    this.#planAt(slot, now + retryMs(slot, now, this.#backoffMs(slot.attempt), this.#options.retry.initialDelayMs));
    this.#arm();
    this.#fail(slot, new EntraRedisError('ERR_AUTH_FAILED', `AUTH got lost: ${cause.message}`, { cause }));
  }

  /** The first refusal is answered by a forced refresh and one retry with what it brings; further ones are paced, and told. */
  #refused(slot: Slot, target: Target, cause: Error): void {
    slot.refusals += 1;
    slot.phase = due;
    this.#heap.delete(slot);
    const givenUp = this.#options.reject(target.credentials, cause);
    // Whoever was told may have closed the connection.
    if (slot.phase !== due) return this.#arm();
    if (!givenUp) this.#planAt(slot, this.#options.timeline.now() + this.#backoffMs(slot.refusals));
    this.#arm();
    if (slot.refusals > 1) this.#fail(slot, this.#options.refusal(target.credentials, cause));
  }

  #fail(slot: Slot, error: EntraRedisError): void {
    const wakeAt = slot.heapIndex < 0 ? this.#options.timeline.now() + this.#backoffMs(slot.refusals) : slot.wakeAt;
    this.#options.emit({
      type: 'reauthentication-failed',
      connection: identityOf(slot.connection),
      error,
      attempt: Math.max(1, slot.attempt, slot.refusals),
      retryAt: this.#options.timeline.toWall(wakeAt),
    });
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(attempt, transient, this.#options.retry, this.#options.random());
  }

  #planAt(slot: Slot, at: number): void {
    slot.phase = due;
    this.#heap.set(slot, at);
  }

  #settle(slot: Slot): void {
    slot.phase = current;
    this.#heap.delete(slot);
  }

  #watch(slot: Slot): void {
    this.#heap.set(slot, watchAt(slot, this.#options.timeline.now()));
  }

  #arm(): void {
    const next = this.#heap.peek()?.wakeAt ?? Infinity;
    this.#options.wakeAt(this.#plan === undefined ? next : this.#options.timeline.now());
  }
}
