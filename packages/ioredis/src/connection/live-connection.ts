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
import { isFilledIn } from './login-command.ts';
import { sentinelsOf } from '../tls.ts';
import { reconnectAsPlanned } from './planned-reconnect.ts';
import { reauthenticate } from './reauthenticate.ts';

/** On a socket: what it is as a connection that logs in with a token. */
const liveKey: unique symbol = Symbol('live connection') as never;

type Destroy = (this: Socket, error?: Error) => Socket;

interface LiveSocket extends Omit<Socket, 'destroy'> {
  destroy: Destroy;
  [liveKey]?: LiveConnection;
}

/** Undefined before the login of the current socket. */
export function liveConnectionOf({ stream }: Instance): LiveConnection | undefined {
  const socket: LiveSocket | undefined = stream;
  return socket?.[liveKey];
}

// One function for all connections, of which there may be thousands: a closure costs each for what it holds.
function onReady(this: Instance): void {
  liveConnectionOf(this)?.resume();
}

/** However a socket ends, Node.js destroys it. A second listener of `close` would cost each connection ten times as much. */
function destroyLive(this: LiveSocket, error?: Error): LiveSocket {
  this[liveKey]?.destroy(error);
  return this;
}

/** One socket of an instance, from its login until it closes: what the token manager re-authenticates. */
export class LiveConnection implements Connection {
  readonly #instance: Instance;
  readonly #stream: LiveSocket | undefined;
  /** What the socket had before ours. */
  readonly #destroy: Destroy | undefined;
  readonly #Command: CommandConstructor;
  /** Made by the first command that matters: most connections see none. */
  #state: ConnectionState | undefined;
  #registration: Registration | undefined;

  constructor(instance: Instance, Command: CommandConstructor) {
    this.#instance = instance;
    this.#stream = instance.stream;
    this.#Command = Command;
    if (this.#stream === undefined) return;
    // One login may follow another, as AUTH does a HELLO that the server does not know.
    const former = this.#stream[liveKey];
    former?.closed();
    this.#destroy = former === undefined ? this.#stream.destroy : former.#destroy;
    Object.defineProperty(this.#stream, liveKey, { value: this, configurable: true });
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
    try {
      this.#registration = manager.register(this);
    } catch {
      // The manager was closed during the handshake: nobody is there to bring the next token.
      return;
    }
    this.#registration.authenticated(credentials);
    this.#instance.once('ready', onReady);
    // On the socket, not on the instance: ioredis removes every listener from some instances before they close.
    this.#stream.destroy = destroyLive;
  }

  /** An AUTH that was not possible may be now. */
  resume(): void {
    this.#registration?.resume();
  }

  destroy(error: Error | undefined): void {
    if (this.#stream !== undefined) this.#destroy?.call(this.#stream, error);
    this.closed();
  }

  closed(): void {
    this.#registration?.release();
    // Where another socket has taken its place, the listener is for that one.
    if (this.#instance.stream === this.#stream) this.#instance.off('ready', onReady);
  }

  observe(command: Command, effect: CommandEffect): void {
    this.#state ??= new ConnectionState(() => this.resume());
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
    const queue = this.#instance.commandQueue.toArray();
    const first = queue.find(({ command }) => isFilledIn(command) || isBlocking(command));
    return first !== undefined && isBlocking(first.command);
  }

  onDeadline(): void {
    // Inside a transaction a reconnect is certain harm; by waiting, EXEC may still come before the server cuts.
    if (this.#state?.inTransaction || this.#instance.stream !== this.#stream) return;
    const { mode } = this.#instance;
    const reason = mode !== 'normal' ? mode : this.isBlocked() ? 'blocked' : 'unanswered';
    reconnectAsPlanned(this.#instance, { connection: this.identity, reason });
  }
}
