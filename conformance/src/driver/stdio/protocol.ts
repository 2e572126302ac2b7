import type { ApplicationEvent, ApplicationOptions, ConnectOptions, Driver, SubscriptionKind } from '../driver.ts';
import type { Endpoint } from '../../targets/target.ts';

/**
 * A driver as a child process: one JSON text a line, UTF-8. The suite writes requests to its stdin; it answers each, in any order,
 * on stdout, and tells events there. stderr is for people. One process serves one application; when its stdin ends and its clients
 * are closed it must exit by itself: one that stays has something that keeps a user's process alive.
 */
export type Request = { readonly id: number } & Call;

export type Call =
  /** Answer: `SaidDescription`. Drivers with a `driver.json` are asked before `start` as well, in the same process. */
  | { readonly method: 'describe-driver' }
  /** Before any `open`. */
  | { readonly method: 'start'; readonly params: ApplicationOptions }
  /**
   * `session` is the number that the suite gives to the new client; an error where the client refuses the options. Answer of both:
   * `Opened`, or null.
   */
  | { readonly method: 'open'; readonly params: { session: number; endpoint: Endpoint; options: ConnectOptions } }
  | { readonly method: 'duplicate'; readonly params: { session: number; of: number } }
  /** `Session.begin`, of a session that was `Opened` with `begins`. */
  | { readonly method: 'begin'; readonly params: { session: number } }
  | { readonly method: 'ready' | 'connected' | 'describe'; readonly params: { session: number } }
  | { readonly method: 'command'; readonly params: { session: number; args: readonly string[] } }
  | {
      readonly method: 'pipeline' | 'transaction';
      readonly params: { session: number; commands: readonly (readonly string[])[] };
    }
  | {
      readonly method: 'subscribe' | 'unsubscribe';
      readonly params: { session: number; channel: string; kind: SubscriptionKind };
    }
  | { readonly method: 'monitor'; readonly params: { session: number } }
  /** Capability `options-changed`. */
  | { readonly method: 'move-to'; readonly params: { session: number; host: string; port: number } }
  /** `way`: one of the driver's `closeWays`; without it, the first. */
  | { readonly method: 'close'; readonly params: { session: number; way?: string } }
  | { readonly method: 'describe-application' }
  /** Capability `leak-count`. */
  | { readonly method: 'leaked-clients' }
  /** Capability `clock`. */
  | { readonly method: 'set-clock'; readonly params: { aheadMs: number } }
  /** Capability `bullmq`: the one queue of a case. */
  | { readonly method: 'open-queue'; readonly params: { endpoint: Endpoint; name: string } }
  | { readonly method: 'add-job'; readonly params: { job: string } }
  /** Answer: `QueueReport`. */
  | { readonly method: 'report-queue' | 'close-queue' }
  /** The last request; stdin ends after its answer. */
  | { readonly method: 'close-application' };

export type Answer =
  | { readonly id: number; readonly result: unknown }
  /** `code`: as ERR_AUTH_REFUSED; `type`: the name of its class, where it has no code. */
  | {
      readonly id: number;
      readonly error: { readonly message: string; readonly code?: string; readonly type?: string };
    };

/** Sent before the answer of any request that could tell of their effect. */
export type DriverEvent =
  | {
      readonly event: 'message';
      readonly session: number;
      readonly channel: string;
      readonly kind: SubscriptionKind;
      readonly message: string;
    }
  | { readonly event: 'monitor'; readonly session: number; readonly line: string }
  /** The client told its user of an error. */
  | { readonly event: 'error'; readonly session: number; readonly text: string }
  /** The adapter told its user something beside its clients. */
  | ({ readonly event: 'application' } & ApplicationEvent)
  /** May be left out: the process has stood still for this long, longer than before. */
  | { readonly event: 'stood-still'; readonly ms: number };

export interface Opened {
  /** The client has `Session.begin`. */
  readonly begins?: boolean;
}

/** What `QueueSession` has of each. */
export interface QueueReport {
  readonly ran: readonly string[];
  readonly completed: readonly string[];
  readonly troubles: readonly string[];
}

/** The version of this protocol: it changes when a driver must. */
export const protocolVersion = 1;

/** What of a driver is plain data. */
export type Description = Omit<Driver, 'start'>;

/** What a program says of itself. */
export type SaidDescription = Description & {
  /** Default 1. */
  readonly protocol?: number;
  /** What it runs on, for reports, for example `Python 3.11.7`. */
  readonly runtime?: string;
};
