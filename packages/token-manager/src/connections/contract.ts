import type { Credentials } from '../tokens/credentials.ts';

/** Names a connection in events and diagnostics. Never holds a secret. */
export interface ConnectionIdentity {
  /** The client library, for example `ioredis`. */
  readonly client: string;
  /** `host:port` of the server, if known. */
  readonly address?: string;
  /** The name that the user gave the connection, if any. */
  readonly name?: string;
}

/**
 * Published by the adapters on the `node:diagnostics_channel` `entra-redis:planned-reconnect` when a connection is replaced because its
 * token is about to expire. Holds no secret.
 */
export interface PlannedReconnect {
  readonly connection: ConnectionIdentity;
  /**
   * `blocked`: a command kept AUTH from being answered in time. `subscriber`: AUTH between subscriptions did not succeed. `unanswered`:
   * AUTH got no answer, although no command delayed it.
   */
  readonly reason: 'blocked' | 'subscriber' | 'monitor' | 'unanswered';
}

/**
 * One connection of a client, as its adapter presents it to the manager. When its handshake was accepted, register it and call
 * `authenticated`; when its socket closes, call `release`. A connection that outlives its sockets stays registered, and calls `disconnected`
 * and `authenticated` again. A handshake logs in with `TokenManager.credentials()`, and calls `TokenManager.reject` if
 * the server refuses it (`isRefusal`). The manager handles the result of `authenticate` by itself.
 */
export interface Connection {
  /** Read for each event. */
  readonly identity: ConnectionIdentity;
  /**
   * False while an AUTH would do harm or be lost, for example inside MULTI. Call `resume` when that ends. Called when an AUTH is due, also from
   * within `resume` and `authenticateNow`. If it throws, that means false.
   */
  canAuthenticate(): boolean;
  /**
   * Sends one AUTH. Resolves when the server accepted it; rejects with the server's or the client's error; then the manager
   * tries again: the adapter does not, and calls no `reject`. It is not called again before it has settled, unless the connection was
   * reported as disconnected in between. If it never settles, `onDeadline` follows. Also called from within `resume` and
   * `authenticateNow`.
   */
  authenticate(credentials: Credentials): Promise<void>;
  /**
   * Whether a command that waits on purpose, such as BLPOP, is before the AUTH. Called every 30 s while the AUTH has no answer: if it returns
   * `false`, the AUTH is given up, and `onDeadline` is called. Without this method, or if it throws, the AUTH has time until the deadline.
   */
  isBlocked?(): boolean;
  /**
   * The server will soon close the connection (in 3 minutes, or a tenth of a shorter lifetime), `credentials` are newer, and no AUTH with
   * them was accepted here; or an AUTH with them was given up without an answer. Hand over or reconnect now. Called once for each
   * token. Without this method, the server closes the connection.
   */
  onDeadline?(credentials: Credentials): void;
}

/** The manager's side of a registered connection; it gets no AUTH before `authenticated`. After `release`, no call has an effect. */
export interface Registration {
  /** A handshake with these credentials was accepted: the connection is open and needs nothing until the next token. */
  authenticated(credentials: Credentials): void;
  /** The socket is closed: until `authenticated`, no AUTH is sent, and answers to an earlier one are ignored. */
  disconnected(): void;
  /** `canAuthenticate` has become true: an AUTH that waited for it is sent at once. */
  resume(): void;
  /** Like `resume`; an AUTH whose time in the window is still to come is also sent now, because later it would have to wait. */
  authenticateNow(): void;
  /** The connection is closed and will not come back. */
  release(): void;
}
