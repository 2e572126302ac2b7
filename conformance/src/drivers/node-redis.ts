import { entraCredentials, handOverOnRefresh } from '@entra-redis/node-redis';
import { createClient } from 'redis';
import { createClient as createClient5 } from 'redis-5';
import packageOf5 from 'redis-5/package.json' with { type: 'json' };
import packageOf6 from 'redis/package.json' with { type: 'json' };
import type { Endpoint } from '../targets/types.ts';
import type { Driver, Session } from '../types.ts';
import { describeClient, describeError } from './secrets.ts';

/** What the suite uses of a client of either major. */
type Client = ReturnType<typeof createClient>;

const capabilities: Driver['capabilities'] = {
  duplicate: true,
  pipeline: true,
  transaction: true,
  'manual-transaction': true,
  blocking: true,
  subscribe: true,
  'resp3-subscriber-reauth': true,
  'resp2-subscriber-lossless': true,
  'waits-for-first-token': true,
  'offline-queue': true,
  cluster: { supported: false, because: 'the driver does not open clusters yet' },
  sentinel: { supported: false, because: 'the driver does not open sentinels yet' },
};

class NodeRedisSession implements Session {
  readonly errors: string[] = [];
  readonly #client: Client;
  readonly #connected: Promise<unknown>;

  constructor(client: Client) {
    this.#client = client;
    client.on('error', (error: unknown) => this.errors.push(describeError(error)));
    this.#connected = client.connect();
    // Read by `ready()`; a client that is closed while connecting rejects with nobody waiting.
    this.#connected.catch(() => undefined);
  }

  get connected(): boolean {
    return this.#client.isReady;
  }

  async ready(): Promise<void> {
    await this.#connected;
  }

  async command(...args: string[]): Promise<unknown> {
    return await this.#client.sendCommand(args);
  }

  async pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    return await Promise.all(commands.map((args) => this.#client.sendCommand([...args])));
  }

  async transaction(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const multi = this.#client.multi();
    for (const args of commands) multi.addCommand([...args]);
    return await multi.exec();
  }

  async subscribe(channel: string, onMessage: (message: string) => void): Promise<void> {
    await this.#client.subscribe(channel, onMessage);
    // What our README tells users of RESP2 subscribers; it does nothing for RESP3.
    handOverOnRefresh(this.#client);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#client.unsubscribe(channel);
  }

  duplicate(): Session {
    return new NodeRedisSession(this.#client.duplicate());
  }

  describe(): string {
    return describeClient(this.#client, this.#client.options);
  }

  async close(): Promise<void> {
    if (this.#client.isOpen) this.#client.destroy();
  }
}

function clientOptions(endpoint: Endpoint, resp: 2 | 3, name: string | undefined): object {
  const { host, port, ca, servername } = endpoint;
  const tls = ca === undefined ? {} : { tls: true, ca, ...(servername === undefined ? {} : { servername }) };
  return {
    RESP: resp,
    ...(name === undefined ? {} : { name }),
    socket: { host, port, ...tls, reconnectStrategy: (retries: number) => Math.min(50 * (retries + 1), 300) },
    ...(resp === 3 ? { maintNotifications: 'disabled' } : {}),
  };
}

function driverFor(clientVersion: string, create: typeof createClient): Driver {
  return {
    name: 'node-redis',
    clientVersion,
    capabilities,
    resp: [2, 3],
    open(endpoint, manager, { resp, name }) {
      const options = { ...clientOptions(endpoint, resp, name), credentialsProvider: entraCredentials(manager) };
      return new NodeRedisSession(create(options));
    },
  };
}

export const nodeRedisDrivers: readonly Driver[] = [
  driverFor(packageOf6.version, createClient),
  driverFor(packageOf5.version, createClient5 as unknown as typeof createClient),
];
