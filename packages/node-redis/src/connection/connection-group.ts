import type { Credentials, TokenManager } from '@entra-redis/token-manager';
import { HandOvers } from '../subscribers/hand-overs.ts';
import { OwnAuths } from './own-auths.ts';
import type { ProviderAccess } from './provider-access.ts';
import { wait } from '../timers.ts';
import { warnOnce } from '../process-wide.ts';
import { disguise } from './wire-commands.ts';

/** A connection whose handshake was accepted, as the group sees it. */
interface GroupedConnection {
  /** A subscriber to which AUTH is not possible, and a newer token is there. */
  readonly waitsForHandOver: boolean;
  /** Resolves when the AUTH that waited, or is under way, has settled; at once where there is none. */
  authenticateIfFree(): Promise<void>;
}

/** What the connections of one provider (5 and 6) or one set of options (4) share. */
export class ConnectionGroup implements ProviderAccess {
  readonly manager: TokenManager;
  readonly allowsPlainText: boolean;
  readonly ownAuths: OwnAuths = new OwnAuths();
  /** Connections whose handshake was accepted. */
  readonly live: Set<GroupedConnection> = new Set();
  standInOptions: object = {};
  readonly handedOver: WeakMap<object, () => void> = new WeakMap();
  #disguises = 0;
  readonly #handOvers = new HandOvers(wait);

  constructor(manager: TokenManager, allowsPlainText: boolean) {
    this.manager = manager;
    this.allowsPlainText = allowsPlainText;
  }

  /**
   * What a client is given for an AUTH. It hands the arguments of commands to tools that trace them, so the token is put in when AUTH is
   * written. With `allowsPlainText` a socket may be unknown, on which nothing can be put in.
   */
  disguise(credentials: Credentials): Credentials {
    if (this.allowsPlainText) return credentials;
    this.#disguises += 1;
    return { ...credentials, password: `${disguise}${this.#disguises}` };
  }

  /** A connection is a RESP2 subscriber, and a newer token waits for it. */
  subscriberWaits(): void {
    const { current } = this.manager;
    const waiting = [...this.live].filter((connection) => connection.waitsForHandOver).length;
    if (waiting > this.#handOvers.pending(current)) {
      warnOnce(
        'ENTRA_REDIS_RESP2',
        'A subscriber that speaks RESP2 cannot authenticate in place: it will reconnect before its token expires, and lose what is ' +
          'published meanwhile. Set RESP: 3 (of a sentinel in nodeClientOptions, too), or call handOverOnRefresh(client).',
      );
    }
    this.#handOvers.start(current);
  }

  onSubscriberWaits(handOver: () => Promise<boolean>): () => void {
    return this.#handOvers.add(handOver);
  }

  async authenticateFree(): Promise<void> {
    await Promise.all([...this.live].map((connection) => connection.authenticateIfFree()));
  }
}
