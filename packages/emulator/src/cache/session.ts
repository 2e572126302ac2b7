import type { ConnectionLogin } from '../policy/auth-policy.ts';
import type { RespVersion } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';
import type { MovingEndpointType } from '../policy/maintenance-subscription.ts';
import type { Args, Command } from './command.ts';
import type { Database, Watcher } from './database.ts';
import type { Keyspace } from './keyspace.ts';
import type { CacheNode } from './node.ts';
import type { Waiter } from './waiting.ts';

/** How a session reaches its client. */
export interface SessionOutput {
  /** Sends beside the answers: pushes, messages, MONITOR lines. */
  send(reply: Reply): void;
  /** Answers the command that was blocked, and goes on with the next. */
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
  readonly localAddress: string;
}

/** The state of one connection: everything that RESET puts back and CLIENT LIST shows. */
export class Session implements Watcher {
  readonly id: number;
  readonly node: CacheNode;
  readonly login: ConnectionLogin;
  readonly output: SessionOutput;
  readonly address: string;
  readonly localAddress: string;
  readonly createdAt: number = Date.now();
  lastActiveAt: number = Date.now();
  lastCommand = 'NULL';
  resp: RespVersion = 2;
  name = '';
  libraryName = '';
  libraryVersion = '';
  db = 0;
  transaction: Transaction | undefined;
  /** True while EXEC runs the queue: nothing blocks. */
  executing = false;
  /** A watched key has changed. */
  dirty = false;
  unwatch: Map<string, () => void> = new Map();
  readonly channels: Set<string> = new Set();
  readonly patterns: Set<string> = new Set();
  readonly shardChannels: Set<string> = new Set();
  monitoring = false;
  noEvict = false;
  /** READONLY was sent: a replica serves reads. */
  readOnly = false;
  /** ASKING was sent: holds for one command. */
  asking = false;
  /** What it asked for by CLIENT MAINT_NOTIFICATIONS. */
  maintenance: MovingEndpointType | undefined;
  replyMode: 'on' | 'off' | 'skip' = 'on';
  waiter: Waiter | undefined;

  constructor(init: SessionInit) {
    this.id = init.id;
    this.node = init.node;
    this.login = init.login;
    this.output = init.output;
    this.address = init.address;
    this.localAddress = init.localAddress;
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

  changed(): void {
    this.dirty = true;
  }

  endWatch(): void {
    for (const stop of this.unwatch.values()) stop();
    this.unwatch.clear();
    this.dirty = false;
  }

  endTransaction(): void {
    this.transaction = undefined;
    this.endWatch();
  }
}
