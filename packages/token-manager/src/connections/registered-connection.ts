import type { Connection, Registration } from './contract.ts';
import type { HeapEntry } from './wake-heap.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** The token that connections should have, with its life on the manager's timeline. */
export interface Target {
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

/** What a registered connection tells its coordinator. */
export interface SlotOwner {
  authenticated(slot: Slot, credentials: Credentials): void;
  disconnected(slot: Slot): void;
  resume(slot: Slot, early: boolean): void;
  release(slot: Slot): void;
}

/** One connection: small, because there may be thousands. */
export class Slot implements Registration, HeapEntry {
  wakeAt: number = Infinity;
  heapIndex = -1;
  phase: Phase = offline;
  attempt = 0;
  /** Refusals in a row. */
  refusals = 0;
  /** Counts the sockets and the AUTHs, so that a late answer is known as such. */
  epoch = 0;
  /** What the server knows of this connection. */
  login: Target | undefined;
  /** Its AUTH had no answer at the deadline: in one more turn of the event loop one may be read that waits since a stall. */
  overdue = false;
  /** The token of the last `onDeadline`. */
  warned: Target | undefined;
  owner: SlotOwner | undefined;
  readonly connection: Connection;

  constructor(owner: SlotOwner, connection: Connection) {
    this.owner = owner;
    this.connection = connection;
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
