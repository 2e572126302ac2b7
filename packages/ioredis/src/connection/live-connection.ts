import type { Socket } from 'node:net';
import type {
  Connection,
  ConnectionIdentity,
  Credentials,
  Registration,
  TokenManager,
} from '@entra-redis/token-manager';
import { ConnectionState } from './connection-state.ts';
import { type CommandEffect, isBlocking } from './command-effects.ts';
import type { Command, CommandConstructor, Instance } from '../client/client-internals.ts';
import { sentinelsOf } from '../tls.ts';
import { reconnectAsPlanned } from './planned-reconnect.ts';
import { reauthenticate } from './reauthenticate.ts';

/** One socket of an instance, from its login until it closes: what the token manager re-authenticates. */
export class LiveConnection implements Connection {
  readonly #instance: Instance;
  readonly #stream: Socket | undefined;
  readonly #Command: CommandConstructor;
  /** Made by the first command that matters: most connections see none. */
  #state: ConnectionState | undefined;
  #registration: Registration | undefined;

  constructor(instance: Instance, Command: CommandConstructor) {
    this.#instance = instance;
    this.#stream = instance.stream;
    this.#Command = Command;
  }

  get identity(): ConnectionIdentity {
    const { path, host, port, connectionName } = this.#instance.options;
    const isNamed = sentinelsOf(this.#instance.options) === undefined;
    // Behind sentinels the options know of no server. Asked for its address, a socket keeps it.
    const address =
      path ?? (isNamed ? `${host}:${port}` : `${this.#stream?.remoteAddress}:${this.#stream?.remotePort}`);
    return { client: 'ioredis', address, ...(connectionName ? { name: connectionName } : {}) };
  }

  /** The server accepted the login that opened this connection. */
  loggedIn(manager: TokenManager, credentials: Credentials): void {
    if (this.#stream === undefined || this.#stream.destroyed) return;
    const registration = this.#register(manager);
    if (registration === undefined) return;
    registration.authenticated(credentials);
    const resume = (): void => registration.resume();
    this.#instance.once('ready', resume);
    // On the socket, not on the instance: ioredis removes every listener from some instances before they close.
    this.#stream.on('close', () => {
      registration.release();
      this.#instance.off('ready', resume);
    });
  }

  #register(manager: TokenManager): Registration | undefined {
    try {
      this.#registration = manager.register(this);
    } catch {
      // The manager was closed during the handshake: nobody is there to bring the next token.
    }
    return this.#registration;
  }

  observe(command: Command, effect: CommandEffect): void {
    this.#state ??= new ConnectionState(() => this.#registration?.resume());
    this.#state.observe(command, effect);
  }

  canAuthenticate(): boolean {
    const { status, mode, stream } = this.#instance;
    if (status !== 'ready' || mode === 'monitor' || stream !== this.#stream) return false;
    // On a socket that is closing, AUTH would wait in the offline queue for the next connection.
    return stream?.writable === true && this.#state?.allowsAuth !== false;
  }

  authenticate(credentials: Credentials): Promise<void> {
    return reauthenticate(this.#instance, this.#Command, credentials);
  }

  isBlocked(): boolean {
    return this.#instance.commandQueue.toArray().some(({ command }) => isBlocking(command));
  }

  onDeadline(): void {
    // Inside a transaction a reconnect is certain harm; by waiting, EXEC may still come before the server cuts.
    if (this.#state?.inTransaction || this.#instance.stream !== this.#stream) return;
    const { mode } = this.#instance;
    const reason = mode !== 'normal' ? mode : this.isBlocked() ? 'blocked' : 'unanswered';
    reconnectAsPlanned(this.#instance, { connection: this.identity, reason });
  }
}
