import type { Endpoint, Topology } from '../targets/target.ts';

/**
 * The contract of a driver: how the suite talks to one Redis client with one way of Entra authentication. Arguments and results are
 * plain JSON data, so that a driver may be a child process (see `stdio/`).
 */
export interface Driver {
  readonly name: string;
  readonly clientVersion: string;
  /** The language of its client, by which the page is divided. Default `Node.js`. */
  readonly language?: string;
  readonly capabilities: Readonly<Record<Capability, Support>>;
  /** What differs in a cluster or behind sentinels, where the client's API is another one. */
  readonly capabilitiesIn?: Readonly<Partial<Record<Topology, Partial<Record<Capability, Support>>>>>;
  /**
   * Runs for comparison: with the newest RESP that it speaks, and in a cluster, behind sentinels and over TLS only the scenarios
   * that are about them.
   */
  readonly peer?: true;
  /** What else was measured, by name and version: the package that gets the tokens, for one. */
  readonly packages?: Readonly<Record<string, string>>;
  /**
   * Tokens live this many times as long, and so does all that waits for them: for clients with a pace of their own that cannot be set,
   * such as whole seconds or a fixed heartbeat. Default 1.
   */
  readonly timeScale?: number;
  /** RESP versions that the client speaks. */
  readonly resp: readonly (2 | 3)[];
  /** Every way in which this client's user can end it, as `Session.close` takes them; the first one is the abrupt one. */
  readonly closeWays: readonly string[];
  /** Starts an application: what shares one source of tokens. */
  start(options: ApplicationOptions): Promise<Application>;
}

/** What a client can do beside plain commands. A driver says of each whether it can. */
export const capabilities = [
  /** `Session.duplicate`. */
  'duplicate',
  'pipeline',
  'transaction',
  /** MULTI and EXEC may be sent as plain commands, and no AUTH comes in between. */
  'manual-transaction',
  /** BLPOP, XREAD BLOCK: a client may wait in one. */
  'blocking',
  /** A blocking command whose connection is replaced is sent again; without it, its promise rejects. */
  'blocked-resent',
  'subscribe',
  /** SSUBSCRIBE. */
  'sharded-subscribe',
  /** A RESP3 subscriber takes the new token in place. */
  'resp3-subscriber-reauth',
  /** A RESP2 subscriber loses no message at a refresh; without it, it may reconnect. */
  'resp2-subscriber-lossless',
  /** Commands are taken before the first token has come. */
  'waits-for-first-token',
  /** A first connection that is lost, or cannot be opened, is tried again; without it `ready()` rejects. */
  'retries-first-connect',
  /** A first login that is refused, or for which no token can be had, is tried again; without it `ready()` rejects. */
  'retries-first-login',
  /** Commands wait while the client is not connected. */
  'offline-queue',
  /** `ConnectOptions.offlineQueue: false`. */
  'offline-queue-off',
  /** `ConnectOptions.queueLimit`. */
  'queue-limit',
  /** Commands that wait survive a failed login; without it they reject with its reason. */
  'outage-keeps-queue',
  /** `Session.monitor`. */
  'monitor',
  /** `ConnectOptions.pool`. */
  'pool',
  'cluster',
  'sentinel',
  /** `ApplicationOptions.credential`. */
  'azure-identity',
  /** `Application.openQueue`. */
  'bullmq',
  /** `ConnectOptions.maintenanceNotifications`. */
  'maintenance-notifications',
  /** `Application.leaked`. */
  'leak-count',
  /** `Application.setClock`, and `ApplicationOptions.caches`. */
  'clock',
  /** `ConnectOptions.copied`. */
  'copied-options',
  /** `Session.moveTo`. */
  'options-changed',
  /** `Endpoint.servername` may differ from the host; without it, the client verifies the host that it dials. */
  'server-name',
  /** Errors have a code, as ERR_AUTH_REFUSED; without it, a type name such as `AuthenticationError`. */
  'error-codes',
] as const;
export type Capability = (typeof capabilities)[number];
export type Support = true | { readonly supported: false; readonly because: string; readonly issue?: string };

export interface ApplicationOptions {
  /** A GET with the header `Metadata: true` answers as Azure's IMDS does: `access_token`, `expires_on`. */
  readonly tokenUrl: string;
  /** How long its tokens live, ms: for drivers whose pace must be set. */
  readonly lifetimeMs: number;
  /** Capability `azure-identity`: where its tokens come from instead. */
  readonly credential?: CredentialSpec;
  /** Capability `clock`: its credential answers with the token that it has until that expires by the clock, unless it is asked past its cache. */
  readonly caches?: true;
}

/** A credential of `@azure/identity`. It is made in a process of its own: some read the environment, some share a cache. */
export interface CredentialSpec {
  readonly name:
    | 'AzureCliCredential'
    | 'DefaultAzureCredential'
    | 'EnvironmentCredential'
    | 'ManagedIdentityCredential'
    | 'WorkloadIdentityCredential';
  /** The whole environment of that process. */
  readonly env: Readonly<Record<string, string>>;
  /** PEM of the certificate authority of the fake Entra, for libraries that take it as an option. */
  readonly ca: string;
}

/** One application: its tokens, and the clients that use them. */
export interface Application {
  /** Makes a client and starts to connect, also one that would wait for its first command; does not wait until it is connected. Rejects where the client or adapter refuses the options. */
  open(endpoint: Endpoint, options: ConnectOptions): Promise<Session>;
  /** Capability `bullmq`. */
  openQueue?(endpoint: Endpoint, name: string): Promise<QueueSession>;
  /** What the adapter, beside its clients, has told the user. */
  readonly events: readonly ApplicationEvent[];
  /** What `util.inspect` and JSON say of it: for the search for secrets. */
  describe(): Promise<string>;
  /** Capability `leak-count`: how many closed clients a garbage collection finds still in use. */
  leaked?(): Promise<number>;
  /** Capability `clock`: from now on the clock that adapter and credential go by differs by this much from the machine's, ms; negative: behind. */
  setClock?(aheadMs: number): Promise<void>;
  /** Where it is a process of its own: what that runs on, for reports, for example `Python 3.11.7`. */
  readonly runtime?: string;
  /** Where it is a process of its own: the longest that this has stood still, ms. What a case found then says little of the driver. */
  readonly stoodStillMs?: number;
  /**
   * Ends what its clients share. They have been closed before. `mustExit`: where it is a process of its own, rejects unless that
   * process then exits by itself.
   */
  close(options?: { readonly mustExit?: boolean }): Promise<void>;
}

export interface ApplicationEvent {
  readonly type:
    | 'token'
    | 'identity-changed'
    | 'retry'
    | 'failed'
    | 'refused'
    | 'reauthenticated'
    | 'reauthentication-failed'
    /** A warning of the process, which tells each once: also one that it told before this application was started. */
    | 'warning';
  /** What a log line of it would show, codes and causes included. */
  readonly text: string;
}

export interface ConnectOptions {
  readonly resp: 2 | 3;
  /** Name of the connection, as CLIENT SETNAME has it. */
  readonly name?: string;
  /** False: a command fails at once while the client is not connected. Default true. */
  readonly offlineQueue?: false;
  /** Capability `queue-limit`: a command fails at once while this many wait to be written or answered. */
  readonly queueLimit?: number;
  /** A user name and password in the URL: a mistake that must be refused. */
  readonly userInfo?: { readonly username: string; readonly password: string };
  /** Cluster: credentials are given where only the root nodes see them: a mistake. */
  readonly rootOnly?: true;
  /** Capability `pool`: a pool of this many connections; commands take any of them. */
  readonly pool?: { readonly minimum: number; readonly maximum: number };
  /** Cluster: reads may go to replicas. */
  readonly readReplicas?: true;
  /** Capability `maintenance-notifications`: left on. */
  readonly maintenanceNotifications?: true;
  /** The protocol is the client's default, whatever `resp` says, and nothing is done for subscribers. */
  readonly defaultProtocol?: true;
  /** Capability `copied-options`: a framework copies each property of each object of the options before the client gets them. */
  readonly copied?: true;
}

/** One client of the application: its commands, and what its user sees. */
export interface Session {
  /** Resolves once connected, rejects where the client gives up, or is closed, before that. */
  ready(): Promise<void>;
  command(...args: string[]): Promise<unknown>;
  /** Sends all at once; every reply in its place. */
  pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]>;
  /** MULTI ... EXEC by the client's own means. */
  transaction(commands: readonly (readonly string[])[]): Promise<unknown[]>;
  /** Sends MULTI by a method of the client that leaves the rest to its user, where it has one beside the plain command. */
  begin?(): Promise<void>;
  /** Makes this session a subscriber. */
  subscribe(channel: string, onMessage: (message: string) => void, kind?: SubscriptionKind): Promise<void>;
  unsubscribe(channel: string, kind?: SubscriptionKind): Promise<void>;
  /** Capability `monitor`: every line that MONITOR shows from then on. */
  monitor?(onLine: (line: string) => void): Promise<void>;
  /** Another client made from this one by the client's own `duplicate()`. */
  duplicate(): Promise<Session>;
  /** Capability `options-changed`: changes host and port in the options of the live client, and has it reconnect. */
  moveTo?(host: string, port: number): Promise<void>;
  /** Whether the client takes itself for connected; null where it cannot say. */
  connected(): Promise<boolean | null>;
  /** Everything that the client has told its user: what a log line of each error would show, with codes or type names, and causes. */
  readonly errors: readonly string[];
  /** What `util.inspect` and JSON say of the client: for the search for secrets. */
  describe(): Promise<string>;
  /** Ends the client. `way`: one of the driver's `closeWays`; default: the first. Called again at the end of a case; may reject then. */
  close(way?: string): Promise<void>;
}
export type SubscriptionKind = 'channel' | 'pattern' | 'sharded';

/** A BullMQ queue with a blocking worker and QueueEvents, each on connections of its own. */
export interface QueueSession {
  add(job: string): Promise<void>;
  /** Jobs that the worker has run, in order; one that ran twice is there twice. */
  ran(): Promise<readonly string[]>;
  /** Jobs that QueueEvents has reported as completed. */
  completed(): Promise<readonly string[]>;
  /** Jobs that were found stalled, and errors of any of the three. */
  troubles(): Promise<readonly string[]>;
  close(): Promise<void>;
}
