import type { Cluster, Redis } from 'ioredis';
import type { Session, SubscriptionKind } from '../../driver/driver.ts';
import type { ClosedClients } from '../closed-clients.ts';
import { describeClient, describeError } from '../secrets.ts';

export type IoredisClient = Redis | Cluster;

/** Subscribing and its event, by kind. */
const kinds = {
  channel: { subscribe: 'subscribe', unsubscribe: 'unsubscribe', event: 'message' },
  pattern: { subscribe: 'psubscribe', unsubscribe: 'punsubscribe', event: 'pmessage' },
  sharded: { subscribe: 'ssubscribe', unsubscribe: 'sunsubscribe', event: 'smessage' },
} as const;

export class IoredisSession implements Session {
  readonly errors: string[] = [];
  readonly #closed: ClosedClients | undefined;
  #open: IoredisClient | undefined;

  /** `closed`: learns of the client once it is closed. */
  constructor(client: IoredisClient, closed?: ClosedClients) {
    this.#open = client;
    this.#closed = closed;
    client.on('error', (error: unknown) => this.errors.push(describeError(error)));
  }

  get #client(): IoredisClient {
    if (this.#open === undefined) throw new Error('the client was closed');
    return this.#open;
  }

  async moveTo(host: string, port: number): Promise<void> {
    Object.assign(this.#client.options, { host, port });
    this.#client.disconnect(true);
  }

  async connected(): Promise<boolean> {
    return this.#client.status === 'ready';
  }

  async ready(): Promise<void> {
    if (this.#client.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      this.#client.once('ready', () => resolve());
      this.#client.once('end', () => reject(new Error(`ioredis gave up: ${this.errors.at(-1) ?? ''}`)));
    });
  }

  async command(name = '', ...args: string[]): Promise<unknown> {
    // A cluster client knows which commands only read by their names in lower case.
    return await (this.#client as Redis).call(name.toLowerCase(), ...args);
  }

  async pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const pipeline = this.#client.pipeline();
    for (const [name = '', ...args] of commands) pipeline.call(name, ...args);
    return unwrap(await pipeline.exec());
  }

  async transaction(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const multi = this.#client.multi();
    for (const [name = '', ...args] of commands) multi.call(name, ...args);
    return unwrap(await multi.exec());
  }

  async begin(): Promise<void> {
    await this.#client.multi({ pipeline: false });
  }

  async subscribe(
    channel: string,
    onMessage: (message: string) => void,
    kind: SubscriptionKind = 'channel',
  ): Promise<void> {
    const { subscribe, event } = kinds[kind];
    // (channel, message); a pattern's with the pattern before them
    this.#client.on(event, (from: string, ...rest: string[]) => {
      if (from === channel) onMessage(rest[kind === 'pattern' ? 1 : 0] ?? '');
    });
    await this.#client[subscribe](channel);
  }

  async unsubscribe(channel: string, kind: SubscriptionKind = 'channel'): Promise<void> {
    await this.#client[kinds[kind].unsubscribe](channel);
  }

  async monitor(onLine: (line: string) => void): Promise<void> {
    const monitor = await (this.#client as Redis).monitor();
    monitor.on('monitor', (_time: string, args: string[]) => onLine(args.join(' ')));
    this.#client.once('end', () => monitor.disconnect());
  }

  async duplicate(): Promise<Session> {
    return new IoredisSession((this.#client as Redis).duplicate(), this.#closed);
  }

  async describe(): Promise<string> {
    return describeClient(this.#client, this.#client.options);
  }

  async close(way = 'disconnect'): Promise<void> {
    const client = this.#open;
    if (client === undefined) return;
    if (way === 'quit') await client.quit();
    else client.disconnect();
    this.#open = undefined;
    this.#closed?.add(client);
  }
}

function unwrap(replies: [Error | null, unknown][] | null): unknown[] {
  return (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
