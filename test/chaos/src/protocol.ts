import type { Endpoint } from '@entra-redis/conformance';
import type { CredentialMode } from './schedule/misleading.ts';

/** What the run tells the application, which is a process of its own. */
export type ToApplication =
  | { readonly type: 'start'; readonly options: ApplicationStart }
  | { readonly type: 'jump'; readonly byMs: number }
  | { readonly type: 'set-clock'; readonly aheadMs: number }
  | { readonly type: 'credential'; readonly mode: CredentialMode }
  /** Clients whose options can be changed reconnect to this address. */
  | { readonly type: 'move'; readonly host: string; readonly port: number }
  /** The last fault is over: come back, and say so. */
  | { readonly type: 'calm' }
  /** From now on nothing may fail. */
  | { readonly type: 'strict' }
  /** Sabotage: break the rules that have a moment of their own. */
  | { readonly type: 'misbehave' }
  | { readonly type: 'storm' }
  | { readonly type: 'stop' };

export interface ApplicationStart {
  /** `ioredis@6.0.0` */
  readonly client: string;
  readonly endpoint: Endpoint;
  readonly tokenUrl: string;
  readonly lifetimeMs: number;
  readonly seed: number;
  /** Rules are broken on purpose: see `judge/sabotage.ts`. */
  readonly sabotage: boolean;
}

/** What the application tells. */
export type FromApplication =
  | { readonly type: 'started'; readonly connections: readonly string[] }
  /** Every client answers again, and what was asked before has settled. */
  | { readonly type: 'recovered' }
  | { readonly type: 'moved'; readonly port: number; readonly at: number }
  /** The process stood still, for so long within a second. */
  | { readonly type: 'stood-still'; readonly ms: number }
  | { readonly type: 'violation'; readonly invariant: Invariant; readonly detail: string }
  /** A message whose PUBLISH was answered did not arrive. Instants are epoch ms. */
  | {
      readonly type: 'missing';
      readonly subscriber: string;
      readonly message: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly type: 'stopped';
      readonly counts: Counts;
      readonly footprint: { readonly before: Footprint; readonly after: Footprint };
    };

/** What must hold throughout, in the words of the report. */
export const invariants = {
  settles: 'every command settles',
  matches: 'no reply goes to another command',
  messages: 'no message is lost while connected, none on a planned hand-over',
  recovers: 'all clients are logged in again within a bounded time after the last fault',
  calm: 'after that nothing fails: no command, no connection cut by an expired token',
  'one-auth': 'one AUTH per connection and token',
  unanswered: 'a connection whose AUTH is never answered is replaced before its token expires',
  moves: 'once its user has changed host and port, a live client connects there alone',
  footprint: 'sockets, timers, listeners and heap are back where they were, and the process ends by itself',
  rejections: 'no unhandled rejection, no exception, no warning of the runtime',
  secrets: 'no token in any output',
} as const;
export type Invariant = keyof typeof invariants;

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

export interface Counts {
  readonly commands: number;
  readonly failed: number;
  readonly messages: number;
  /** Arrived more than once. */
  readonly doubled: number;
  readonly jobs: number;
  /** What commands failed with, by text. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What a process holds. */
export interface Footprint {
  readonly heapBytes: number;
  /** Active resources of the event loop, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Closed clients that a garbage collection leaves. */
  readonly clients: number;
}
