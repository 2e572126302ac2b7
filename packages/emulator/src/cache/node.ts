import { randomBytes } from 'node:crypto';
import type { Announcer } from '../policy/maintenance.ts';
import type { AuthPolicy } from '../policy/auth-policy.ts';
import type { RespVersion } from '../resp/encode.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import type { CacheFault, TlsIdentity, WireEntry } from '../types.ts';
import type { ClusterMap } from './cluster-map.ts';
import type { Command } from './command.ts';
import { FaultList } from '../policy/faults.ts';
import { Keyspace } from './keyspace.ts';
import type { PubSub } from './pubsub.ts';
import type { Sentinels } from './sentinels.ts';
import type { Session } from './session.ts';

/** A master with its replicas: they share its data, so replication is instant. */
export interface Shard {
  readonly keyspace: Keyspace;
  master: CacheNode;
  readonly replicas: CacheNode[];
}

/** What all nodes of one cache share. */
export interface CacheContext {
  readonly policy: AuthPolicy;
  readonly timeline: TimelineRecorder;
  /** Record every command and reply, or only connections and logins. */
  readonly recordCommands: boolean;
  readonly cluster: ClusterMap | undefined;
  sentinels: Sentinels | undefined;
  readonly highestResp: RespVersion;
  readonly tls: TlsIdentity | undefined;
  readonly host: string;
  readonly announceHost: string;
  /** Commands that the user may not run, lower case. */
  readonly denied: ReadonlySet<string>;
  /** For whichever data node meets them first. */
  readonly faults: FaultList;
  /** CLIENT MAINT_NOTIFICATIONS is known. */
  readonly maintenanceNotifications: boolean;
  readonly announcer: Announcer;
  nextConnectionId(): number;
}

export interface NodeInit {
  readonly context: CacheContext;
  readonly name: string;
  readonly kind: 'data' | 'sentinel';
  readonly commands: ReadonlyMap<string, Command>;
  readonly pubsub: PubSub;
  /** The shard whose replica this is; without it the node is the master of a new one. */
  readonly shard?: Shard;
  /** The node whose second address this is. */
  readonly standsFor?: CacheNode;
  readonly open?: boolean;
}

/** One listening server: a master, a replica or a sentinel. */
export class CacheNode {
  readonly id: string = randomBytes(20).toString('hex');
  readonly startedAt: number = Date.now();
  readonly sessions: Map<number, Session> = new Map();
  readonly faults: FaultList = new FaultList();
  readonly context: CacheContext;
  readonly name: string;
  readonly kind: 'data' | 'sentinel';
  readonly commands: ReadonlyMap<string, Command>;
  readonly pubsub: PubSub;
  /** Nobody needs to log in. */
  readonly open: boolean;
  shard: Shard;
  port = 0;
  readonly #standsFor: CacheNode;

  constructor(init: NodeInit) {
    this.context = init.context;
    this.name = init.name;
    this.kind = init.kind;
    this.commands = init.commands;
    this.pubsub = init.pubsub;
    this.open = init.open ?? false;
    this.#standsFor = init.standsFor ?? this;
    this.shard = init.standsFor?.shard ?? init.shard ?? { keyspace: new Keyspace(), master: this, replicas: [] };
  }

  get host(): string {
    return this.context.announceHost;
  }

  get role(): 'master' | 'slave' {
    return this.shard.master === this.#standsFor ? 'master' : 'slave';
  }

  get mode(): 'standalone' | 'cluster' | 'sentinel' {
    if (this.kind === 'sentinel') return 'sentinel';
    return this.context.cluster === undefined ? 'standalone' : 'cluster';
  }

  /** The fault that this command of this connection meets, used up once: one of its own, or one of the whole cache. */
  takeFault(connection: number, words: readonly string[]): CacheFault['action'] | undefined {
    const own = this.faults.take(connection, words);
    return own ?? (this.kind === 'data' ? this.context.faults.take(connection, words) : undefined);
  }

  /** Those given by CLIENT ID, or all. */
  sessionsOf(ids?: readonly number[]): Session[] {
    return [...this.sessions.values()].filter(({ id }) => ids === undefined || ids.includes(id));
  }

  record(connection: number, entry: Omit<WireEntry, 'at' | 'connection' | 'node'>): void {
    this.context.timeline.add({ at: Date.now(), connection, node: this.name, ...entry });
  }
}
