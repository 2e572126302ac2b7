import {
  publishPlannedReconnect,
  authRefused,
  type Connection,
  type ConnectionIdentity,
  type Credentials,
  isRefusal,
  type PlannedReconnect,
  type Registration,
} from '@entra-redis/token-manager';
import { answerUnknown, closedWhileWaiting, withMessage } from '../errors.ts';
import { authAnswerOf, wouldSendAuth } from '../client/auth-answer.ts';
import type { ConnectionGroup } from './connection-group.ts';
import { nextTurn } from '../timers.ts';
import type { CredentialsListener } from '../client/client-internals.ts';
import type { QueuedAuth, SocketObserver, WatchedSocket } from './watched-socket.ts';
import { encodeAuth, ping } from './wire-commands.ts';

/** An AUTH that is under way. */
interface Authentication {
  /** It waited before, and was sent as soon as it was possible. */
  isResumed: boolean;
  onTransactionEnd: (() => void) | undefined;
  onSettled: (() => void) | undefined;
}

/** One socket of a client, from its handshake until it closes or the client gives it up. */
export class LiveConnection implements Connection, SocketObserver {
  readonly #group: ConnectionGroup;
  readonly #isStandIn: boolean;
  #heldListener: CredentialsListener | WeakRef<CredentialsListener>;
  #abort: AbortController | undefined;
  #wire: WatchedSocket | undefined;
  /** What it logged in with, or is about to. */
  #login: Credentials | undefined;
  /** The newest that were written here. */
  #lastSent: Credentials | undefined;
  #registration: Registration | undefined;
  #queuedAuth: QueuedAuth | undefined;
  #isSocketCertain = true;
  #authentication: Authentication | undefined;
  #waitsForAuth = false;
  #released = false;

  constructor(group: ConnectionGroup, listener: CredentialsListener, isStandIn: boolean) {
    this.#group = group;
    this.#isStandIn = isStandIn;
    this.#heldListener = listener;
  }

  get wire(): WatchedSocket | undefined {
    return this.#wire;
  }

  /** What to log in with; rejects when the connection closes first. */
  async credentials(): Promise<Credentials> {
    const { manager } = this.#group;
    if (this.#released) throw closedWhileWaiting();
    const isWaiting = manager.current === undefined;
    this.#abort = new AbortController();
    try {
      const credentials = await manager.credentials({ signal: this.#abort.signal });
      // A socket that ended meanwhile may not have said so, as after a stall: the client would keep its login for the next one.
      if (isWaiting) await nextTurn();
      if (this.#released || this.#wire?.socket.writable === false) throw closedWhileWaiting();
      return credentials;
    } finally {
      this.#abort = undefined;
    }
  }

  get identity(): ConnectionIdentity {
    const { remoteAddress, remotePort } = this.#wire?.socket ?? {};
    const client = 'node-redis';
    return remoteAddress === undefined ? { client } : { client, address: `${remoteAddress}:${remotePort}` };
  }

  /** Unless it `isSocketCertain`, only what is written there is given the token. */
  bind(wire: WatchedSocket, isSocketCertain = true): void {
    this.#wire = wire;
    this.#isSocketCertain = isSocketCertain;
  }

  /** The client is about to send what is returned in its handshake. */
  handshakeWith(credentials: Credentials): Credentials {
    this.#login = credentials;
    this.#lastSent = credentials;
    const given = this.#isSocketCertain ? credentials : this.#group.disguise(credentials);
    if (this.#wire !== undefined) {
      this.#wire.expectHandshake(given.password, credentials.password);
      return given;
    }
    // Nothing tells when this connection is gone, but the client drops the disposable that holds the listener.
    if (!(this.#heldListener instanceof WeakRef)) this.#heldListener = new WeakRef(this.#heldListener);
    this.handshakeAnswered(undefined);
    return credentials;
  }

  handshakeAnswered(error: string | undefined): string | undefined {
    const login = this.#login;
    if (login === undefined || this.#released) return undefined;
    if (error === undefined) {
      this.#handshakeAccepted(login);
      return undefined;
    }
    const reply = new Error(error);
    if (!isRefusal(reply)) return undefined;
    this.#group.manager.reject(login, reply);
    return `${error} ${authRefused(login, reply, { address: '' }).message}`;
  }

  canAuthenticate(): boolean {
    const wire = this.#wire;
    if (this.#released || wire?.closed === true) return false;
    const listener = this.listener;
    if (listener === undefined) {
      this.release();
      return false;
    }
    const subscriber = wire?.refusesAuth === true || !wouldSendAuth(listener);
    const free = !subscriber && (wire?.mode ?? 'normal') === 'normal';
    if (subscriber && !this.#waitsForAuth) queueMicrotask(() => this.#group.subscriberWaits());
    this.#waitsForAuth = !free;
    return free;
  }

  get waitsForHandOver(): boolean {
    return this.#waitsForAuth && !this.#isStandIn && (this.#wire?.mode ?? 'normal') === 'normal';
  }

  async authenticate(credentials: Credentials): Promise<void> {
    const authentication: Authentication = { isResumed: false, onTransactionEnd: undefined, onSettled: undefined };
    this.#authentication = authentication;
    try {
      while (!(await this.#send(credentials))) {
        // EXEC may have been written before the answer came.
        if (this.#wire?.mode === 'normal') continue;
        await new Promise<void>((resolve) => {
          authentication.onTransactionEnd = resolve;
        });
      }
      this.#login = credentials;
    } finally {
      this.#settled();
    }
  }

  isBlocked(): boolean {
    // Without a socket it cannot be replaced.
    return this.#wire?.mode !== 'normal' || this.#queuedAuth?.isBehindBlock === true;
  }

  /** The client reconnects by its own strategy, with the newest token, before the server would cut the connection. */
  onDeadline(): void {
    const wire = this.#wire;
    // Inside a transaction a reconnect is certain harm; by waiting, EXEC may still come before the server cuts.
    if (wire === undefined || wire.mode === 'transaction') return;
    publishPlannedReconnect({ connection: this.identity, reason: this.#reason });
    wire.socket.destroy();
  }

  get #reason(): PlannedReconnect['reason'] {
    if (this.#wire?.mode === 'monitor') return 'monitor';
    if (this.#waitsForAuth) return 'subscriber';
    return this.isBlocked() ? 'blocked' : 'unanswered';
  }

  newestAuth(): string {
    const { current } = this.#group.manager;
    const sent = this.#lastSent;
    // Its own handshake has brought it all that there is; the command that is replaced wants a reply all the same.
    if (current === undefined || (sent !== undefined && sent.expiresAt >= current.expiresAt)) return ping;
    this.#lastSent = current;
    return encodeAuth(current);
  }

  /** `unsubscribed`: an AUTH that is due later goes out, too: a subscriber that is handed over is free for this moment alone. */
  authMayBePossible(unsubscribed = false): void {
    const authentication = this.#authentication;
    const resend = authentication?.onTransactionEnd;
    if (authentication !== undefined && resend !== undefined) {
      if (this.#wire?.mode !== 'normal') return;
      authentication.onTransactionEnd = undefined;
      resend();
    } else if ((this.#waitsForAuth || unsubscribed) && this.canAuthenticate()) {
      this.#resume();
    }
  }

  async authenticateIfFree(): Promise<void> {
    if (this.#authentication?.isResumed !== true && this.#waitsForAuth && this.canAuthenticate()) this.#resume();
    const authentication = this.#authentication;
    if (authentication?.isResumed !== true) return;
    await new Promise<void>((resolve) => {
      const others = authentication.onSettled;
      authentication.onSettled = () => {
        others?.();
        resolve();
      };
    });
  }

  closed(): void {
    this.#abort?.abort(closedWhileWaiting());
    this.release();
  }

  release(): void {
    this.#released = true;
    this.#group.live.delete(this);
    this.#registration?.release();
    this.#registration = undefined;
    this.#settled();
  }

  #handshakeAccepted(credentials: Credentials): void {
    try {
      this.#registration ??= this.#group.manager.register(this);
    } catch {
      // The manager was closed during the handshake: nobody is there to bring the next token.
      return this.release();
    }
    this.#group.live.add(this);
    this.#registration.authenticated(credentials);
  }

  #resume(): void {
    this.#registration?.authenticateNow();
    // What is heard reaches authenticate() at once.
    if (this.#authentication !== undefined) this.#authentication.isResumed = true;
  }

  #settled(): void {
    const authentication = this.#authentication;
    this.#authentication = undefined;
    authentication?.onSettled?.();
  }

  /** Resolves to false when the AUTH was kept out of a transaction. */
  async #send(credentials: Credentials): Promise<boolean> {
    const { ownAuths } = this.#group;
    const given = this.#group.disguise(credentials);
    const command = encodeAuth(given);
    const auth: QueuedAuth = { command, written: encodeAuth(credentials), inTransaction: false, isBehindBlock: false };
    const { username, password } = given;
    ownAuths.add(auth.command);
    this.#lastSent = credentials;
    this.#queuedAuth = auth;
    this.#wire?.expectAuth(auth);
    try {
      const answer = authAnswerOf(() => this.listener?.onNext({ username, password }));
      if (answer === undefined) throw answerUnknown();
      await answer;
      return true;
    } catch (error) {
      if (auth.inTransaction) return false;
      throw withMessage(error);
    } finally {
      ownAuths.delete(auth.command);
    }
  }

  get listener(): CredentialsListener | undefined {
    const held = this.#heldListener;
    return held instanceof WeakRef ? held.deref() : held;
  }
}
