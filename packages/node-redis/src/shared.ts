import type { TokenManager } from '@entra-redis/token-manager';
import type { NodeRedisConnection } from './connection.ts';
import { HandOvers } from './hand-overs.ts';
import { OwnAuths } from './own-auths.ts';
import type { ProviderAccess } from './provider-access.ts';
import { wait } from './wait.ts';

/** What the connections of one provider (5 and 6) or one set of options (4) share. */
export class Shared implements ProviderAccess {
  readonly manager: TokenManager;
  readonly allowsPlainText: boolean;
  readonly ownAuths: OwnAuths = new OwnAuths();
  /** Connections whose handshake was accepted. */
  readonly live: Set<NodeRedisConnection> = new Set();
  readonly handedOver: WeakMap<object, () => void> = new WeakMap();
  readonly #handOvers = new HandOvers(wait);

  constructor(manager: TokenManager, allowsPlainText: boolean) {
    this.manager = manager;
    this.allowsPlainText = allowsPlainText;
  }

  /**
   * The connection whose socket its client has just destroyed without giving up its credentials, as it does at the end of a
   * MOVING hand-over, in the turn in which the client that made the new socket gives up its own.
   */
  get homeless(): NodeRedisConnection | undefined {
    const found = [...this.live].filter(({ wire }) => wire?.closed === true && wire.mayMove && !wire.endedByPeer);
    return found.length === 1 ? found[0] : undefined;
  }

  /** A connection is a RESP2 subscriber, and a newer token waits for it. */
  subscriberWaits(): void {
    this.#handOvers.start(this.manager.current);
  }

  onSubscriberWaits(handOver: () => Promise<boolean>): () => void {
    return this.#handOvers.add(handOver);
  }

  async authenticateFree(): Promise<void> {
    await Promise.all([...this.live].map((connection) => connection.authenticateIfFree()));
  }
}
