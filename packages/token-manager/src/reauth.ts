import type { Connection, Registration } from './connection.ts';
import { authRefused, EntraRedisError, isRefusal, withoutSecret } from './errors.ts';
import { WakeHeap } from './heap.ts';
import type { CoordinatorOptions } from './reauth-options.ts';
import { retryDelayMs, transient } from './retry.ts';
import { current, due, offline, parked, sending, deadlineOf, Slot, type Target } from './slot.ts';
import type { Credentials } from './token.ts';

/** Brings each new token to every registered connection: one AUTH each, spread over a window, retried, before the server cuts. */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #slots = new Set<Slot>();
  readonly #heap = new WakeHeap<Slot>();
  #target: Target | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  register(connection: Connection): Registration {
    const slot = new Slot(this, connection);
    this.#slots.add(slot);
    return slot;
  }

  /** A new token: every live connection gets its own instant in the window. */
  refresh(target: Target): void {
    this.#target = target;
    const now = this.#options.timeline.now();
    const live = [...this.#slots].filter((slot) => slot.phase !== offline);
    for (const [index, slot] of live.entries()) {
      slot.attempt = 0;
      const share = (index + this.#options.random()) / live.length;
      // Its answer comes first.
      if (slot.phase === sending) continue;
      if (slot.refusals > 0) this.#plan(slot, now + (slot.refusals === 1 ? 0 : this.#backoffMs(slot.refusals)));
      else this.#plan(slot, now + this.#windowMs(slot, now) * share);
    }
    this.#arm();
  }

  /** The provider has no other token than the refused one: those that wait for another try again, paced. */
  confirm(): void {
    const now = this.#options.timeline.now();
    for (const slot of this.#slots) {
      if (slot.phase === due && slot.heapIndex < 0) this.#plan(slot, now + this.#backoffMs(slot.refusals));
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
    if (target !== undefined && target.expiresAt > slot.login.expiresAt) this.#plan(slot, timeline.now());
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
    const planned = early && slot.phase === due && slot.attempt + slot.refusals === 0;
    if (!planned && slot.phase !== parked) return;
    this.#plan(slot, this.#options.timeline.now());
    this.tick();
  }

  release(slot: Slot): void {
    this.disconnected(slot);
    this.#slots.delete(slot);
    slot.owner = undefined;
  }

  close(): void {
    for (const slot of this.#slots) this.release(slot);
    this.#target = undefined;
  }

  /** Does what is due. */
  tick(): void {
    const now = this.#options.timeline.now();
    for (let slot = this.#heap.peek(); slot !== undefined && slot.wakeAt <= now; slot = this.#heap.peek()) {
      if (slot.phase === due) {
        if (slot.attempt > 0 && deadlineOf(slot) <= now) this.#atDeadline(slot);
        this.#send(slot);
      } else if (slot.phase === sending && !slot.overdue) {
        slot.overdue = true;
        this.#heap.set(slot, now + 1);
      } else {
        this.#heap.delete(slot);
        this.#atDeadline(slot);
      }
    }
    this.#arm();
  }

  #send(slot: Slot): void {
    const target = this.#target as Target;
    const free = this.#guard(() => slot.connection.canAuthenticate());
    // Whoever is asked, or told of the deadline, may say that the socket is gone.
    if (slot.phase !== due) return;
    if (!free) {
      slot.phase = parked;
      return this.#watchDeadline(slot);
    }
    slot.phase = sending;
    slot.overdue = false;
    slot.epoch += 1;
    const { epoch } = slot;
    const sentAt = this.#options.timeline.now();
    this.#watchDeadline(slot);
    const answer = this.#guard(() => slot.connection.authenticate(target.credentials));
    Promise.resolve(answer ?? Promise.reject(new Error('AUTH could not be sent.'))).then(
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
    else this.#plan(slot, this.#options.timeline.now());
    this.#arm();
    const { expiresAt } = target.credentials;
    this.#options.emit({ type: 'reauthenticated', connection: slot.connection.identity, expiresAt, durationMs });
  }

  #lost(slot: Slot, target: Target, error: unknown): void {
    const now = this.#options.timeline.now();
    if (this.#target !== target) {
      this.#plan(slot, now);
      return this.#arm();
    }
    slot.attempt += 1;
    const cause = withoutSecret(error, target.credentials.password);
    if (isRefusal(error)) return this.#refused(slot, target, cause);
    this.#plan(slot, now + this.#retryMs(slot, deadlineOf(slot) - now));
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
    if (!givenUp) this.#plan(slot, this.#options.timeline.now() + this.#backoffMs(slot.refusals));
    this.#arm();
    if (slot.refusals > 1) this.#fail(slot, authRefused(target.credentials.username, cause));
  }

  #fail(slot: Slot, error: EntraRedisError): void {
    const wakeAt = slot.heapIndex < 0 ? this.#options.timeline.now() + this.#backoffMs(slot.refusals) : slot.wakeAt;
    this.#options.emit({
      type: 'reauthentication-failed',
      connection: slot.connection.identity,
      error,
      attempt: Math.max(slot.attempt, slot.refusals),
      retryAt: this.#options.timeline.toWall(wakeAt),
    });
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(attempt, transient, this.#options.retry, this.#options.random());
  }

  /** Backoff, but several tries fit before the deadline, and one falls on it. */
  #retryMs(slot: Slot, leftMs: number): number {
    const backoff = this.#backoffMs(slot.attempt);
    if (leftMs <= 0) return backoff;
    return Math.min(backoff, leftMs, Math.max(this.#options.retry.initialDelayMs, leftMs / 4));
  }

  #atDeadline(slot: Slot): void {
    const target = this.#target as Target;
    if (slot.warned === target) return;
    slot.warned = target;
    this.#guard(() => slot.connection.onDeadline?.(target.credentials));
  }

  #plan(slot: Slot, at: number): void {
    slot.phase = due;
    this.#heap.set(slot, at);
  }

  #settle(slot: Slot): void {
    slot.phase = current;
    this.#heap.delete(slot);
  }

  /**
   * The connection cannot be helped by sending: wake when the server is about to cut it. An AUTH that went out late is given half
   * of the time that is left: it may well be answered.
   */
  #watchDeadline(slot: Slot): void {
    const now = this.#options.timeline.now();
    const leftMs = (slot.login as Target).expiresAt - now;
    const patienceMs = slot.phase === sending ? leftMs / 2 : 0;
    this.#heap.set(slot, Math.max(deadlineOf(slot), now + Math.max(1, patienceMs)));
  }

  /** Half of what is left before the margin: the other half is for retries. */
  #windowMs(slot: Slot, now: number): number {
    return Math.max(0, Math.min(this.#options.reauthWindowMs, (deadlineOf(slot) - now) / 2));
  }

  #arm(): void {
    this.#options.wakeAt(this.#heap.peek()?.wakeAt ?? Infinity);
  }

  /** An adapter's callback that throws harms nobody else. */
  #guard<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch {
      return undefined;
    }
  }
}
