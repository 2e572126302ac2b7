import { EntraRedisError, type TokenManager } from '@entra-redis/token-manager';
import type { ConnectionContext, NodeRedisConnection } from './connection.ts';
import { OwnAuths } from './own-auths.ts';
import type { ProviderAccess } from './provider-access.ts';

/** What the connections of one provider (5 and 6) or one set of options (4) share. */
export class Shared implements ConnectionContext, ProviderAccess {
  readonly manager: TokenManager;
  readonly allowsPlainText: boolean;
  readonly ownAuths: OwnAuths = new OwnAuths();
  readonly live: Set<NodeRedisConnection> = new Set();
  readonly handedOver: WeakMap<object, () => void> = new WeakMap();
  readonly #handOvers = new Set<() => void>();

  constructor(manager: TokenManager, allowsPlainText: boolean) {
    if (typeof manager?.register !== 'function') {
      const message = 'manager: not a token manager. Pass createTokenManager(credential), not the credential itself.';
      throw new EntraRedisError('ERR_INVALID_OPTION', message);
    }
    this.manager = manager;
    this.allowsPlainText = allowsPlainText;
  }

  /**
   * The connection whose socket its client has just destroyed without giving up its credentials, as it does at the end of a
   * MOVING hand-over, in the turn in which the client that made the new socket gives up its own.
   */
  get homeless(): NodeRedisConnection | undefined {
    const found = [...this.live].filter(({ wire }) => wire?.closed === true && !wire.endedByPeer);
    return found.length === 1 ? found[0] : undefined;
  }

  subscriberWaits(): void {
    for (const handOver of [...this.#handOvers]) handOver();
  }

  onSubscriberWaits(handOver: () => void): () => void {
    this.#handOvers.add(handOver);
    return () => this.#handOvers.delete(handOver);
  }

  async authenticateFree(): Promise<void> {
    await Promise.all([...this.live].map((connection) => connection.authenticateIfFree()));
  }
}
