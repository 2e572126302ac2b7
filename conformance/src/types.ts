import type { TokenEvent, TokenManager } from '@entra-redis/token-manager';
import type { Endpoint, RunningTarget, Topology } from './targets/types.ts';

/** What a client can do beside plain commands. A driver says of each whether it can. */
export const capabilities = [
  'duplicate',
  'pipeline',
  'transaction',
  'manual-transaction',
  'blocking',
  'subscribe',
  'resp3-subscriber-reauth',
  'resp2-subscriber-lossless',
  'waits-for-first-token',
  'offline-queue',
  'cluster',
  'sentinel',
] as const;
export type Capability = (typeof capabilities)[number];
export type Support = true | { readonly supported: false; readonly because: string; readonly issue?: string };

/** Plain data: a driver may live in another process and language. */
export interface ConnectOptions {
  readonly resp: 2 | 3;
  /** Name of the connection, as CLIENT SETNAME has it. */
  readonly name?: string;
}

/** How the suite talks to one client. Arguments and results are plain JSON data. */
export interface Driver {
  readonly name: string;
  readonly clientVersion: string;
  readonly capabilities: Readonly<Record<Capability, Support>>;
  /** RESP versions that the client speaks. */
  readonly resp: readonly (2 | 3)[];
  /** Makes a client and starts to connect; does not wait until it is connected. */
  open(endpoint: Endpoint, manager: TokenManager, options: ConnectOptions): Session;
}

/** One client of the application: its commands, and what its user sees. */
export interface Session {
  /** Resolves once connected, rejects where the client gives up or reports an error before that. */
  ready(): Promise<void>;
  command(...args: string[]): Promise<unknown>;
  /** Sends all at once; every reply in its place. */
  pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]>;
  /** MULTI ... EXEC by the client's own means. */
  transaction(commands: readonly (readonly string[])[]): Promise<unknown[]>;
  /** Makes this session a subscriber. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /** Another client made from this one by the client's own `duplicate()`. */
  duplicate(): Session;
  /** Whether the client takes itself for connected. */
  readonly connected: boolean;
  /** Everything that the client has told its user: messages of `error` events. */
  readonly errors: readonly string[];
  /** What `util.inspect` and JSON say of the client: for the search for secrets. */
  describe(): string;
  close(): Promise<void>;
}

/** What a scenario works with. All that it makes is ended by the suite. */
export interface Context {
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  /** The manager that `open` uses; requests its tokens over HTTP from the target's Entra. */
  readonly manager: TokenManager;
  /** What the manager told, in order. */
  readonly events: readonly TokenEvent[];
  open(options?: { name?: string; manager?: TokenManager }): Session;
  /** A connected session. */
  connect(options?: { name?: string; manager?: TokenManager }): Promise<Session>;
  createManager(): TokenManager;
  /** Waits until `check` is true or throws no more; fails with `what` when the time is over. */
  eventually(what: string, check: () => boolean | Promise<boolean>, withinMs?: number): Promise<void>;
  /** Random numbers of the printed seed, in [0, 1). */
  random(): number;
}

export interface Scenario {
  /** `group/name`: its address in reports. */
  readonly id: string;
  readonly title: string;
  /** The real outage or rule behind it. */
  readonly why: string;
  readonly requires?: readonly Capability[];
  readonly topologies: readonly Topology[];
  /** RESP versions that it is about. Default: both. */
  readonly resp?: readonly (2 | 3)[];
  /** Life of its tokens. Default 3,000 ms. */
  readonly lifetimeMs?: number;
  run(context: Context): Promise<void>;
  /** What must hold where a required capability is missing. */
  otherwise?(context: Context): Promise<void>;
}

export const outcomes = [
  'pass',
  'degraded-as-declared',
  'known-failing',
  'fail',
  'unexpected-pass',
  'could-not-run',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface CaseResult {
  /** `reauth/one-auth/driver:ioredis@6.0.0/target:fake/resp:3` */
  readonly case: string;
  readonly scenario: string;
  readonly driver: string;
  readonly driverVersion: string;
  readonly target: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly reason?: string;
  readonly error?: string;
}
