import type { Credentials } from '../tokens/credentials.ts';
import type { Connection, Registration } from './contract.ts';
import type { HeapEntry } from './wake-heap.ts';

/** The token that connections should have, with its life on the manager's timeline. */
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

/** One connection: small, because there may be thousands. */
export class RegisteredConnection implements Registration, HeapEntry {
  wakeAt: number = Infinity;
  heapIndex = -1;
  phase: Phase = offline;
  /** AUTHs in a row that were lost. */
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
  readonly adapter: Connection;

  constructor(owner: ConnectionOwner, adapter: Connection) {
    this.owner = owner;
    this.adapter = adapter;
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
}
