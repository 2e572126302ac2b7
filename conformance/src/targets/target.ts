import type { CacheFault, EntraServer, WireTimeline } from '@entra-redis/emulator';
import type { RedisServer } from '@entra-redis/redis-server';

/** What a driver needs to connect; plain data. */
export interface Endpoint {
  readonly topology: Topology;
  readonly host: string;
  readonly port: number;
  /** PEM of the certificate authority, where the target speaks TLS. */
  readonly ca?: string;
  /** The name that the certificate carries. */
  readonly servername?: string;
  /** Sentinel topology: the name of the master; host and port are a sentinel's. */
  readonly masterName?: string;
}

export type Topology = 'standalone' | 'cluster' | 'sentinel';

export interface Target {
  readonly name: string;
  readonly topology: Topology;
  /** Our own server, which has no scripts. */
  readonly simulated?: true;
  /** A cache that nobody here can steer or look into: for scenarios made for it alone. */
  readonly azure?: true;
  readonly tls?: true;
  /** RESP versions that it speaks. */
  readonly resp: readonly (2 | 3)[];
  /** False: a run goes on without it, and says so. */
  readonly required: boolean;
  /** Starts it for one case; rejects with a sentence for people where the machine lacks something. */
  start(options: StartOptions): Promise<RunningTarget>;
}

export interface StartOptions {
  /** Of the tokens that its Entra issues. */
  readonly lifetimeMs: number;
  /** Called whenever the servers write news in their logs: a start that is late is awaited as long as they do. */
  readonly onProgress?: (() => void) | undefined;
}

/** A target's own life: scenarios steer it by these, and read what happened in the timeline. */
export interface RunningTarget {
  readonly endpoint: Endpoint;
  readonly entra: EntraServer;
  /** Where its tokens come from. Default: `entra`, as IMDS. */
  readonly tokenUrl?: string;
  /** Azure: whether each request brings a new token, or one is answered for hours. Rejects where the identity has none. */
  renewsTokens?(): Promise<boolean>;
  readonly timeline: WireTimeline;
  /** Real servers, to pause, kill and restart: those with data, without sentinels. */
  readonly servers?: readonly RedisServer[];
  /** Cuts every client connection, or those given by CLIENT ID. */
  cut(connections?: readonly number[]): void;
  fault(fault: CacheFault): void;
  /** Forgets the faults that have not been met. */
  heal(): void;
  /**
   * Standalone: its address moves to another one for maintenance. Clients that asked are told, all are cut after `seconds`. Answers how many
   * were told.
   */
  maintain?(seconds: number): Promise<number>;
  /** Standalone: another address of it, with the same data. */
  addAddress?(): Promise<{ readonly host: string; readonly port: number }>;
  /** Cluster, sentinel: makes a replica the master. */
  failover?(): Promise<void>;
  /** Cluster: gives a slot to another node, which may be new. */
  moveSlot?(slot: number): Promise<void>;
  /** Cluster: starts another master, which gets the slots that are moved from then on. */
  addNode?(): Promise<void>;
  close(): Promise<void>;
}
