import { randomBytes } from 'node:crypto';
import type { AuthPolicy, ConnectionLogin } from '../policy/auth-policy.ts';
import { FaultList } from '../policy/faults.ts';
import type { Announcer, MovingEndpointType } from '../policy/maintenance.ts';
import type { RespVersion } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import type { CacheFault, TlsIdentity, WireEntry } from '../types.ts';
import type { Args } from './args.ts';
import { type Database, Keyspace, type Waiter } from './database.ts';
import type { PubSub, Subscriber } from './pubsub.ts';
import type { SlotMap } from './slots.ts';

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
  readonly cluster: SlotMap<Shard> | undefined;
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

/** What the sentinels watch, and how they change it. */
export interface Sentinels {
  readonly masterName: string;
  readonly shard: Shard;
  readonly nodes: CacheNode[];
  readonly epoch: number;
  /** Makes the first replica the master and announces it, as `SENTINEL FAILOVER` does. */
  failover(): void;
}

export interface NodeInit {
  readonly context: CacheContext;
  readonly name: string;
  readonly kind: 'data' | 'sentinel';
  readonly commands: ReadonlyMap<string, Command>;
  readonly pubsub: PubSub<Session>;
  /** The shard whose replica this is; without it the node is the master of a new one. */
  readonly shard?: Shard;
  /** The node whose second address this is. */
  readonly standsFor?: CacheNode;
  readonly open?: boolean;
}

/** One listening server: a master, a replica or a sentinel. */
export class CacheNode {
  readonly id: string = randomBytes(20).toString('hex');
  readonly sessions: Map<number, Session> = new Map();
  readonly faults: FaultList = new FaultList();
  readonly context: CacheContext;
  readonly name: string;
  readonly kind: 'data' | 'sentinel';
  readonly commands: ReadonlyMap<string, Command>;
  readonly pubsub: PubSub<Session>;
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

/** The handler has answered by itself, or will: a blocked command, a subscription. */
export const noReply: unique symbol = Symbol('no reply');
/** Several replies to one command, as SUBSCRIBE sends them. */
export interface Replies {
  readonly replies: readonly Reply[];
}
export type Outcome = Reply | typeof noReply | Replies;
export type Handler = (session: Session, args: Args) => Outcome | Promise<Outcome>;

/** Redis' own names: https://redis.io/docs/latest/commands/command/#flags. */
export type CommandFlag =
  | 'admin'
  | 'asking'
  | 'blocking'
  | 'denyoom'
  | 'fast'
  | 'loading'
  | 'movablekeys'
  | 'no_auth'
  | 'no_multi'
  | 'noscript'
  | 'pubsub'
  | 'readonly'
  | 'skip_monitor'
  | 'stale'
  | 'write';

/** Where the keys are: first, last (negative: from the end) and step, as COMMAND tells them, or a function for movable ones. */
export interface KeySpec {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly find?: (args: Args) => readonly number[];
}

export interface Command {
  /** Lower case; a subcommand is `container|name`. */
  readonly name: string;
  /** Exact number of arguments, the name included; negative: at least. */
  readonly arity: number;
  readonly flags: ReadonlySet<CommandFlag>;
  readonly keys: KeySpec;
  readonly run: Handler;
  /** By lower-case name, for a container. */
  readonly subcommands?: ReadonlyMap<string, Command>;
}

/** How a session reaches its client. */
export interface SessionOutput {
  /** Sends beside the answers: pushes, messages, MONITOR lines. */
  send(reply: Reply): void;
  /** Answers the command that was blocked, and continues with the next. */
  answer(reply: Reply): void;
  /** Closes at once, or after what was sent has left. */
  close(reason: string, options?: { readonly flush: boolean }): void;
}

export interface QueuedCommand {
  readonly command: Command;
  readonly args: Args;
}

export interface Transaction {
  readonly queue: QueuedCommand[];
  /** A command was refused while queuing: EXEC must answer EXECABORT. */
  refused: boolean;
}

export interface SessionInit {
  readonly id: number;
  readonly node: CacheNode;
  readonly login: ConnectionLogin;
  readonly output: SessionOutput;
  readonly address: string;
}

/** The state of one connection: what RESET puts back. */
export class Session implements Subscriber {
  readonly id: number;
  readonly node: CacheNode;
  readonly login: ConnectionLogin;
  readonly output: SessionOutput;
  readonly address: string;
  resp: RespVersion = 2;
  name = '';
  db = 0;
  transaction: Transaction | undefined;
  /** True while EXEC runs the queue: nothing blocks. */
  executing = false;
  readonly channels: Set<string> = new Set();
  readonly patterns: Set<string> = new Set();
  readonly shardChannels: Set<string> = new Set();
  monitoring = false;
  /** READONLY was sent: a replica serves reads. */
  readOnly = false;
  /** ASKING was sent: holds for one command. */
  asking = false;
  /** What it asked for by CLIENT MAINT_NOTIFICATIONS. */
  maintenance: MovingEndpointType | undefined;
  waiter: Waiter | undefined;

  constructor(init: SessionInit) {
    this.id = init.id;
    this.node = init.node;
    this.login = init.login;
    this.output = init.output;
    this.address = init.address;
  }

  get keyspace(): Keyspace {
    return this.node.shard.keyspace;
  }

  get database(): Database {
    return this.keyspace.database(this.db);
  }

  get needsLogin(): boolean {
    return this.login.current === undefined && !this.node.open;
  }

  get subscriptionCount(): number {
    return this.channels.size + this.patterns.size;
  }

  get subscriber(): boolean {
    return this.subscriptionCount + this.shardChannels.size > 0;
  }
}
