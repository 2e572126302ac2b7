import type { Session, SubscriptionKind } from '../../driver/driver.ts';
import type { ClosedClients } from '../closed-clients.ts';
import { describeClient, describeError } from '../secrets.ts';

type Listener = (message: string) => void;

interface Transaction {
  addCommand(...args: unknown[]): unknown;
  exec(): Promise<unknown[]>;
}

/** What the suite uses of clients, clusters, sentinels and pools of any major. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady?: boolean;
  connect(): Promise<unknown>;
  multi(): Transaction;
  subscribe(channel: string, listener: Listener): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  pSubscribe(pattern: string, listener: Listener): Promise<unknown>;
  pUnsubscribe(pattern: string): Promise<unknown>;
  sSubscribe(channel: string, listener: Listener): Promise<unknown>;
  sUnsubscribe(channel: string): Promise<unknown>;
  monitor(onLine: (line: unknown) => void): Promise<unknown>;
  duplicate(overrides?: object): NodeRedisClient;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  close?(): unknown;
  destroy?(): unknown;
  quit?(): unknown;
  disconnect?(): unknown;
  readonly options?: unknown;
}

/** How one kind of client takes a command by its words, alone and in a MULTI. */
export interface Wording {
  send(client: NodeRedisClient, args: string[]): Promise<unknown>;
  add(transaction: Transaction, args: string[]): unknown;
}

export interface After {
  /** What a user calls after subscribing. */
  readonly subscribed?: ((client: NodeRedisClient) => void) | undefined;
  /** Learns of the client once it is closed. */
  readonly closed?: ClosedClients | undefined;
}

type CloseWay = 'destroy' | 'close' | 'quit' | 'disconnect';

const kinds = {
  channel: { subscribe: 'subscribe', unsubscribe: 'unsubscribe' },
  pattern: { subscribe: 'pSubscribe', unsubscribe: 'pUnsubscribe' },
  sharded: { subscribe: 'sSubscribe', unsubscribe: 'sUnsubscribe' },
} as const;

export class NodeRedisSession implements Session {
  readonly errors: string[] = [];
  #open: NodeRedisClient | undefined;
  readonly #wording: Wording;
  readonly #connected: Promise<void>;

  readonly #after: After;

  constructor(client: NodeRedisClient, wording: Wording, after: After = {}) {
    this.#open = client;
    this.#wording = wording;
    this.#after = after;
    client.on('error', (error) => this.errors.push(describeError(error)));
    // Not the client itself, which it resolves with and would keep in memory.
    this.#connected = client.connect().then(() => undefined);
    // Read by `ready()`; a client that is closed while connecting rejects with nobody waiting.
    this.#connected.catch(() => undefined);
  }

  get #client(): NodeRedisClient {
    if (this.#open === undefined) throw new Error('the client was closed');
    return this.#open;
  }

  async connected(): Promise<boolean> {
    return this.#client.isReady ?? this.#client.isOpen;
  }

  async ready(): Promise<void> {
    await this.#connected;
  }

  async command(...args: string[]): Promise<unknown> {
    return await this.#wording.send(this.#client, args);
  }

  async pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    return await Promise.all(commands.map((args) => this.#wording.send(this.#client, [...args])));
  }

  async transaction(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const multi = this.#client.multi();
    for (const args of commands) this.#wording.add(multi, [...args]);
    return await multi.exec();
  }

  async subscribe(channel: string, onMessage: Listener, kind: SubscriptionKind = 'channel'): Promise<void> {
    await this.#client[kinds[kind].subscribe](channel, onMessage);
    this.#after.subscribed?.(this.#client);
  }

  async unsubscribe(channel: string, kind: SubscriptionKind = 'channel'): Promise<void> {
    await this.#client[kinds[kind].unsubscribe](channel);
  }

  async monitor(onLine: (line: string) => void): Promise<void> {
    await this.#client.monitor((line) => onLine(String(line)));
  }

  async duplicate(): Promise<Session> {
    return new NodeRedisSession(this.#client.duplicate(), this.#wording, this.#after);
  }

  async describe(): Promise<string> {
    return describeClient(this.#client, this.#client.options);
  }

  async close(way?: string): Promise<void> {
    const client = this.#open;
    if (client === undefined) return;
    // Sentinels have fewer ways than clients: no way may do nothing.
    const chosen = ([way, 'destroy', 'disconnect'] as CloseWay[]).find((name) => client[name] !== undefined);
    if (client.isOpen) await client[chosen as CloseWay]?.();
    this.#open = undefined;
    this.#after.closed?.add(client);
  }
}
