import type { Credentials } from '../tokens/credentials.ts';

/** Names a connection in events and diagnostics. Never holds a secret. */
export interface ConnectionIdentity {
  /** The client library, for example `ioredis`. */
  readonly client: string;
  /** `host:port` of the server, where known. */
  readonly address?: string;
  /** The name that the user gave the connection, where there is one. */
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
   * AUTH had no answer, though no command kept it from one.
   */
  readonly reason: 'blocked' | 'subscriber' | 'monitor' | 'unanswered';
}

/**
 * One connection of a client, as its adapter shows it to the manager. Register it when its handshake was accepted, say
 * `authenticated`, and `release` it with its socket; one that outlives its sockets stays registered, and says `disconnected`
 * and `authenticated` again. A handshake logs in with `TokenManager.credentials()`, and tells `TokenManager.reject` where
 * the server refuses it (`isRefusal`); what an AUTH of `authenticate` meets, the manager sees by itself.
 */
export interface Connection {
  /** Read when an event is made. */
  readonly identity: ConnectionIdentity;
  /**
   * False while an AUTH would do harm or be lost, as inside MULTI. Call `resume` when that ends. Asked when an AUTH is due, also from
   * within `resume` and `authenticateNow`. One that throws means false.
   */
  canAuthenticate(): boolean;
  /**
   * Sends one AUTH. Resolves when the server accepted it; rejects with the server's or the client's error; then the manager
   * tries again: the adapter does not, and calls no `reject`. Never called again before it settled, unless the connection was
   * reported as disconnected in between; one that never settles ends with `onDeadline`. Also called from within `resume` and
   * `authenticateNow`.
   */
  authenticate(credentials: Credentials): Promise<void>;
  /**
   * Whether a command that waits on purpose, such as BLPOP, is before the AUTH. Asked every 30 s while the AUTH has no answer: with
   * `false` it is given up, and `onDeadline` called. Without this method, or where it throws, the AUTH is given time until the deadline.
   */
  isBlocked?(): boolean;
  /**
   * The server will soon cut the connection (in 3 minutes, or a tenth of a shorter life), `credentials` are newer, and no AUTH with
   * them was accepted here; or an AUTH with them is given up without an answer. Hand over or reconnect now. Called once for each
   * token. Without it the server cuts.
   */
  onDeadline?(credentials: Credentials): void;
}

/** The manager's side of a registered connection; it gets no AUTH before `authenticated`. After `release` every call is without effect. */
export interface Registration {
  /** A handshake with these credentials was accepted: the connection is up and needs nothing until the next token. */
  authenticated(credentials: Credentials): void;
  /** The socket is gone: no AUTH is sent, answers to a former one are ignored, until `authenticated`. */
  disconnected(): void;
  /** `canAuthenticate` turned true: an AUTH that waited for it goes out at once. */
  resume(): void;
  /** As `resume`; an AUTH whose instant in the window is still to come goes out now, too: later it would have to wait. */
  authenticateNow(): void;
  /** The connection is closed for good. */
  release(): void;
}
