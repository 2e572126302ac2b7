import { EntraRedisError, type TokenManager } from '@entra-redis/token-manager';
import { takeConnectedSocket, watchConnectedSockets } from './connected-socket.ts';
import { type ConnectionContext, NodeRedisConnection } from './connection.ts';
import { closedWhileWaiting } from './lost-auth.ts';
import { OwnAuths } from './own-auths.ts';
import { assertEncrypted } from './plain-text.ts';
import { type ProviderAccess, providerAccess } from './provider-access.ts';
import type { BasicAuth, CredentialsDisposable, CredentialsListener, EntraCredentialsProvider } from './types.ts';
import { WatchedSocket } from './watched-socket.ts';

export interface EntraCredentialsOptions {
  /** Allows tokens to be sent over connections that are neither TLS nor loopback. Default: false. */
  allowPlainText?: boolean;
}

class Provider implements EntraCredentialsProvider {
  readonly type = 'streaming-credentials-provider';
  readonly #context: ConnectionContext;
  readonly #allowPlainText: boolean;
  readonly #handOvers = new Set<() => void>();
  #justDisposed: NodeRedisConnection | undefined;

  constructor(manager: TokenManager, allowPlainText: boolean) {
    this.#allowPlainText = allowPlainText;
    this.#context = {
      manager,
      ownAuths: new OwnAuths(),
      live: new Set(),
      onSubscriberWaits: () => {
        for (const handOver of [...this.#handOvers]) handOver();
      },
    };
  }

  async subscribe(listener: CredentialsListener): Promise<[BasicAuth, CredentialsDisposable]> {
    const connection = new NodeRedisConnection(this.#context, listener);
    this.#bind(connection);
    try {
      const credentials = await this.#context.manager.credentials({ signal: connection.signal });
      connection.handshakeWith(credentials);
      const { username, password } = credentials;
      const disposable = { listener, dispose: (): void => this.#dispose(connection) };
      return [{ username, password }, disposable];
    } catch (error) {
      return failed(connection, error);
    }
  }

  /** The token manager learns of it from the connection, by name: see `reauthentication-failed`. */
  onReAuthenticationError(): void {}

  get [providerAccess](): ProviderAccess {
    const { live } = this.#context;
    return {
      allowsPlainText: this.#allowPlainText,
      authenticateFree: async () => {
        await Promise.all([...live].map((connection) => connection.authenticateIfFree()));
      },
      onSubscriberWaits: (handOver) => {
        this.#handOvers.add(handOver);
        return () => this.#handOvers.delete(handOver);
      },
    };
  }

  #bind(connection: NodeRedisConnection): void {
    const former = this.#justDisposed?.wire;
    this.#justDisposed = undefined;
    if (former !== undefined && !former.closed) {
      former.observe(connection);
      connection.bind(former);
      return;
    }
    const socket = takeConnectedSocket();
    if (socket === undefined) return;
    if (!this.#allowPlainText) assertEncrypted(socket);
    connection.bind(new WatchedSocket(socket, this.#context.ownAuths, connection));
  }

  /** `reset()` disposes and subscribes again, for the same socket, without a pause; the other callers close it. */
  #dispose(connection: NodeRedisConnection): void {
    connection.release();
    this.#justDisposed = connection;
    queueMicrotask(() => {
      if (this.#justDisposed === connection) this.#justDisposed = undefined;
    });
  }
}

function failed(connection: NodeRedisConnection, error: unknown): Promise<never> {
  if (!connection.signal.aborted) return Promise.reject(error);
  // 5.x answers a rejection after destroy() with an `error` event about its own undefined socket.
  if (connection.wire?.endedByPeer === false) return new Promise(() => {});
  return Promise.reject(closedWhileWaiting());
}

function validate(options: EntraCredentialsOptions): boolean {
  for (const name of Object.keys(options)) {
    if (name !== 'allowPlainText') throw new EntraRedisError('ERR_INVALID_OPTION', `Unknown option: ${name}`);
  }
  const { allowPlainText = false } = options;
  if (typeof allowPlainText === 'boolean') return allowPlainText;
  throw new EntraRedisError('ERR_INVALID_OPTION', `allowPlainText must be a boolean, got ${String(allowPlainText)}`);
}

/**
 * Credentials of `manager` for the `credentialsProvider` option of `redis` and `@redis/client` 5 and 6. One provider
 * serves any number of clients, their duplicates, pools, clusters (in `defaults`) and sentinels (in `nodeClientOptions`).
 *
 * Each handshake waits for a token that has not expired; each refresh sends one AUTH to each live connection.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for an unknown option or a wrong type.
 */
export function entraCredentials(
  manager: TokenManager,
  options: EntraCredentialsOptions = {},
): EntraCredentialsProvider {
  const allowPlainText = validate(options);
  watchConnectedSockets();
  return new Provider(manager, allowPlainText);
}
