import {
  type Connection,
  createTokenManager,
  type Credentials,
  type IdentityProvider,
  type Registration,
  type TokenManager,
  type TokenManagerOptions,
} from '@entra-redis/token-manager';
import type { FleetClock } from './clock.ts';
import type { Rate } from './rates.ts';

export interface Rates {
  /** AUTH on an open connection, for a new token. */
  readonly reauths: Rate;
  /** AUTH of a connection that is being opened. */
  readonly handshakes: Rate;
  /** Requests to the identity provider. */
  readonly requests: Rate;
}

export interface ProcessOptions {
  readonly clock: FleetClock;
  readonly rates: Rates;
  readonly provider: IdentityProvider;
  readonly connections: number;
  readonly settings: Pick<TokenManagerOptions, 'refresh' | 'reauthWindowMs'>;
  /** How long a client waits before its nth try to connect again. */
  readonly retryDelayMs: (tries: number) => number;
}

const identity = { client: 'fleet' };

class FleetConnection implements Connection {
  readonly identity = identity;
  readonly registration: Registration;
  readonly #options: ProcessOptions;
  /** When the server will cut it. */
  expiresAt = Infinity;

  constructor(manager: TokenManager, options: ProcessOptions) {
    this.#options = options;
    this.registration = manager.register(this);
  }

  canAuthenticate(): boolean {
    return true;
  }

  async authenticate({ expiresAt }: Credentials): Promise<void> {
    const { clock, rates } = this.#options;
    rates.reauths.count(clock.now());
    this.expiresAt = expiresAt;
  }

  connected(credentials: Credentials): void {
    const { clock, rates } = this.#options;
    rates.handshakes.count(clock.now());
    this.expiresAt = credentials.expiresAt;
    this.registration.authenticated(credentials);
  }

  cut(): void {
    this.expiresAt = Infinity;
    this.registration.disconnected();
  }

  /** By the strategy of its client, once the server is back. */
  async reconnect(manager: TokenManager, backAt: number): Promise<void> {
    const { clock, retryDelayMs } = this.#options;
    let triedAt = clock.now();
    for (let tries = 1; triedAt < backAt; tries += 1) triedAt += retryDelayMs(tries);
    await clock.delay(triedAt - clock.now());
    this.connected(await manager.credentials());
  }
}

/** One process of the application: a real token manager, and its connections. */
export class FleetProcess {
  readonly #manager: TokenManager;
  readonly #connections: readonly FleetConnection[];
  readonly #clock: FleetClock;
  readonly #retryDelayMs: ProcessOptions['retryDelayMs'];

  constructor(options: ProcessOptions) {
    this.#clock = options.clock;
    this.#retryDelayMs = options.retryDelayMs;
    this.#manager = createTokenManager(options.provider, {
      clock: options.clock,
      username: 'fleet',
      ...options.settings,
    });
    // Twenty thousand managers would each warn of an outage that nobody hears of.
    this.#manager.subscribe(() => undefined);
    this.#connections = Array.from({ length: options.connections }, () => new FleetConnection(this.#manager, options));
  }

  async start(): Promise<void> {
    const credentials = await this.#manager.credentials();
    this.#connectAll(this.#connections, credentials);
  }

  /** The server restarts: every connection is cut, and comes back after `downMs`. */
  cutAll(downMs: number): void {
    const backAt = this.#clock.now() + downMs;
    for (const connection of this.#connections) {
      connection.cut();
      void connection.reconnect(this.#manager, backAt);
    }
  }

  #connectAll(connections: readonly FleetConnection[], credentials: Credentials): void {
    for (const connection of connections) connection.connected(credentials);
    this.#watchExpiry();
  }

  #watchExpiry(): void {
    const next = Math.min(...this.#connections.map(({ expiresAt }) => expiresAt));
    if (next < Infinity) this.#clock.schedule(next - this.#clock.now(), () => void this.#cutExpired());
  }

  /** What the server does when tokens expire. Its clients wait for the manager, all of them, so that they come back together. */
  async #cutExpired(): Promise<void> {
    const expired = this.#connections.filter(({ expiresAt }) => expiresAt <= this.#clock.now());
    for (const connection of expired) connection.cut();
    if (expired.length === 0) return this.#watchExpiry();
    for (;;) {
      const credentials = await this.#manager.credentials().catch(() => undefined);
      if (credentials !== undefined) return this.#connectAll(expired, credentials);
      await this.#clock.delay(this.#retryDelayMs(1));
    }
  }

  close(): void {
    this.#manager.close();
  }
}
