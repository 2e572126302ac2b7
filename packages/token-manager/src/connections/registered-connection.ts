import type { Credentials } from '../tokens/credentials.ts';
import type { Connection, ConnectionIdentity, Registration } from './contract.ts';
import type { HeapEntry } from './wake-heap.ts';

/** The token that connections should have, with its life in the manager's time. */
export interface TargetToken {
  readonly credentials: Credentials;
  readonly expiresAt: number;
  readonly lifeMs: number;
}

export const offline = 0;
export const current = 1;
export const due = 2;
export const sending = 3;
export const parked = 4;
export type Phase = typeof offline | typeof current | typeof due | typeof sending | typeof parked;

/** What a registered connection tells its re-authenticator. */
export interface ConnectionOwner {
  authenticated(connection: RegisteredConnection, credentials: Credentials): void;
  disconnected(connection: RegisteredConnection): void;
  resume(connection: RegisteredConnection, early: boolean): void;
  release(connection: RegisteredConnection): void;
}

/**
 * One connection: small, because there may be thousands. The callbacks of its adapter are code of others: one that throws harms no other
 * connection, and not the process.
 */
export class RegisteredConnection implements Registration, HeapEntry {
  wakeAt: number = Infinity;
  heapIndex = -1;
  phase: Phase = offline;
  /** AUTHs in a row that were lost. One that was refused is not: another socket would be refused, too. */
  attempt = 0;
  /** Refusals in a row. */
  refusals = 0;
  /** Counts the sockets and the AUTHs, so that a late answer is known as such. */
  epoch = 0;
  /** What the server knows of this connection. */
  login: TargetToken | undefined;
  /** Its AUTH had no answer at the deadline: in one more turn of the event loop one may be read that waits since a stall. */
  overdue = false;
  /** The token of the last `onDeadline`. */
  deadlineTold: TargetToken | undefined;
  owner: ConnectionOwner | undefined;
  readonly #adapter: Connection;

  constructor(owner: ConnectionOwner, adapter: Connection) {
    this.owner = owner;
    this.#adapter = adapter;
  }

  authenticated(credentials: Credentials): void {
    this.owner?.authenticated(this, credentials);
  }

  disconnected(): void {
    this.owner?.disconnected(this);
  }

  resume(): void {
    this.owner?.resume(this, false);
  }

  authenticateNow(): void {
    this.owner?.resume(this, true);
  }

  release(): void {
    this.owner?.release(this);
  }

  get identity(): ConnectionIdentity {
    try {
      return this.#adapter.identity;
    } catch {
      return { client: 'unknown' };
    }
  }

  isLoggedInWith(target: TargetToken | undefined): boolean {
    return this.login?.credentials.password === target?.credentials.password;
  }

  mayAuthenticate(): boolean {
    try {
      return this.#adapter.canAuthenticate();
    } catch {
      return false;
    }
  }

  sendAuth(credentials: Credentials): Promise<void> {
    try {
      return Promise.resolve(this.#adapter.authenticate(credentials));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Where the adapter does not say, an AUTH may be waiting for its turn. */
  isBlocked(): boolean {
    try {
      return this.#adapter.isBlocked?.() ?? true;
    } catch {
      return true;
    }
  }

  tellDeadline(credentials: Credentials): void {
    try {
      const result: unknown = this.#adapter.onDeadline?.(credentials);
      Promise.resolve(result).catch(() => undefined);
    } catch {
      // The next deadline is still announced.
    }
  }
}
