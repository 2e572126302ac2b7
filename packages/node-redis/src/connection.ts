import {
  authRefused,
  type Connection,
  type ConnectionIdentity,
  type Credentials,
  isRefusal,
  type Registration,
  type TokenManager,
} from '@entra-redis/token-manager';
import { withMessage } from './lost-auth.ts';
import { promiseCaughtBy } from './observe-rejection.ts';
import type { OwnAuths } from './own-auths.ts';
import type { CredentialsListener } from './types.ts';
import type { QueuedAuth, SocketObserver, WatchedSocket } from './watched-socket.ts';
import { encodeAuth, PING } from './wire-commands.ts';

/** What the connections of one provider share. */
export interface ConnectionContext {
  readonly manager: TokenManager;
  readonly ownAuths: OwnAuths;
  /** Connections whose handshake was accepted. */
  readonly live: Set<NodeRedisConnection>;
  /** A connection is a RESP2 subscriber, and a newer token waits for it. */
  subscriberWaits(): void;
}

/** One socket of a client, from its handshake until it closes or the client gives it up. */
export class NodeRedisConnection implements Connection, SocketObserver {
  readonly #context: ConnectionContext;
  #listener: () => CredentialsListener | undefined;
  readonly #abort = new AbortController();
  #wire: WatchedSocket | undefined;
  #handshake: Credentials | undefined;
  /** The newest that were written here. */
  #sent: Credentials | undefined;
  #registration: Registration | undefined;
  #waits = false;
  #resumed = false;
  #released = false;
  #onTransactionEnd: (() => void) | undefined;
  #onSettled: (() => void) | undefined;

  constructor(context: ConnectionContext, listener: CredentialsListener) {
    this.#context = context;
    this.#listener = () => listener;
  }

  get wire(): WatchedSocket | undefined {
    return this.#wire;
  }

  /** Aborted when the connection closes. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get identity(): ConnectionIdentity {
    const { remoteAddress, remotePort } = this.#wire?.socket ?? {};
    const client = 'node-redis';
    return remoteAddress === undefined ? { client } : { client, address: `${remoteAddress}:${remotePort}` };
  }

  bind(wire: WatchedSocket): void {
    this.#wire = wire;
  }

  /** The client is about to send these in its handshake. */
  handshakeWith(credentials: Credentials): void {
    this.#handshake = credentials;
    this.#sent = credentials;
    if (this.#wire !== undefined) return this.#wire.expectHandshake(credentials.password);
    this.#weaken();
    this.handshakeAnswered(undefined);
  }

  handshakeAnswered(error: string | undefined): void {
    if (this.#handshake === undefined || this.#released) return;
    if (error === undefined) return this.#handshakeAccepted(this.#handshake);
    const reply = new Error(error);
    if (isRefusal(reply)) this.#context.manager.reject(this.#handshake, authRefused(this.#handshake.username, reply));
  }

  canAuthenticate(): boolean {
    const wire = this.#wire;
    if (this.#released || wire?.closed === true) return false;
    const listener = this.#listener();
    if (listener === undefined) {
      this.release();
      return false;
    }
    const subscriber = wire?.refusesAuth === true || !wouldSend(listener);
    const free = !subscriber && (wire?.mode ?? 'normal') === 'normal';
    if (subscriber && !this.#waits) queueMicrotask(() => this.#context.subscriberWaits());
    this.#waits = !free;
    return free;
  }

  async authenticate(credentials: Credentials): Promise<void> {
    try {
      while (!(await this.#send(credentials))) {
        await new Promise<void>((resolve) => {
          this.#onTransactionEnd = resolve;
        });
      }
    } finally {
      this.#settled();
    }
  }

  /** The client reconnects by its own strategy, with the newest token, before the server would cut the connection. */
  onDeadline(): void {
    // Inside a transaction a reconnect is certain harm; by waiting, EXEC may still come before the server cuts.
    if (this.#wire?.mode !== 'transaction') this.#wire?.socket.destroy();
  }

  newestAuth(): string {
    const { current } = this.#context.manager;
    const sent = this.#sent;
    // Its own handshake has brought it all that there is; the command that is replaced wants a reply all the same.
    if (current === undefined || (sent !== undefined && sent.expiresAt >= current.expiresAt)) return PING;
    this.#sent = current;
    return encodeAuth(current);
  }

  mayBeFree(): void {
    const resend = this.#onTransactionEnd;
    if (resend !== undefined) {
      if (this.#wire?.mode !== 'normal') return;
      this.#onTransactionEnd = undefined;
      resend();
    } else if (this.#waits && this.canAuthenticate()) {
      this.#resume();
    }
  }

  /** Resolves when the AUTH that waited, or is under way, has settled; at once where there is none. */
  async authenticateIfFree(): Promise<void> {
    if (!this.#resumed && !(this.#waits && this.canAuthenticate())) return;
    const settled = new Promise<void>((resolve) => {
      this.#onSettled = resolve;
    });
    if (!this.#resumed) this.#resume();
    await settled;
  }

  closed(): void {
    this.#abort.abort();
    this.release();
  }

  release(): void {
    this.#released = true;
    this.#context.live.delete(this);
    this.#registration?.release();
    this.#registration = undefined;
    this.#settled();
  }

  #handshakeAccepted(credentials: Credentials): void {
    try {
      this.#registration ??= this.#context.manager.register(this);
    } catch {
      // The manager was closed during the handshake: nobody is there to bring the next token.
      return this.release();
    }
    this.#context.live.add(this);
    this.#registration.authenticated(credentials);
  }

  #resume(): void {
    this.#resumed = true;
    this.#registration?.resume();
  }

  #settled(): void {
    this.#resumed = false;
    const settled = this.#onSettled;
    this.#onSettled = undefined;
    settled?.();
  }

  /** Resolves to false when the AUTH was kept out of a transaction. */
  async #send(credentials: Credentials): Promise<boolean> {
    const { ownAuths } = this.#context;
    const auth: QueuedAuth = { command: encodeAuth(credentials), inTransaction: false };
    const { username, password } = credentials;
    ownAuths.add(auth.command);
    this.#sent = credentials;
    this.#wire?.expectAuth(auth);
    try {
      await promiseCaughtBy(() => this.#listener()?.onNext({ username, password }));
      return true;
    } catch (error) {
      if (auth.inTransaction) return false;
      throw withMessage(error);
    } finally {
      ownAuths.delete(auth.command);
    }
  }

  /** Without a socket nothing tells that the connection is gone, but the client drops the disposable that holds the listener. */
  #weaken(): void {
    const listener = this.#listener();
    if (listener !== undefined) this.#listener = derefer(listener);
  }
}

const derefer = (listener: CredentialsListener): (() => CredentialsListener | undefined) => {
  const ref = new WeakRef(listener);
  return () => ref.deref();
};

/** A client does not look at the credentials when it is a RESP2 subscriber, where it sends no AUTH. */
function wouldSend(listener: CredentialsListener): boolean {
  let read = false;
  const stop = (): never => {
    read = true;
    throw new Error('Only asked whether AUTH would be sent');
  };
  listener.onNext({
    get username(): string {
      return stop();
    },
    get password(): string {
      return stop();
    },
  });
  return read;
}
