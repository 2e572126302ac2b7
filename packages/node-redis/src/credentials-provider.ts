import { type AdapterOptions, adapterOptions, type TokenManager } from '@entra-redis/token-manager';
import { takeConnectedSocket, takeRecentSocket, watchConnectedSockets } from './client/connected-socket.ts';
import { isClientClosed } from './client/auth-answer.ts';
import { LiveConnection } from './connection/live-connection.ts';
import { providerAsOptions } from './errors.ts';
import { assertEncrypted } from './tls.ts';
import { type ProviderAccess, providerAccessKey } from './connection/provider-access.ts';
import { ConnectionGroup } from './connection/connection-group.ts';
import type {
  BasicAuth,
  CredentialsDisposable,
  CredentialsListener,
  EntraCredentialsProvider,
} from './client/client-internals.ts';
import { WatchedSocket } from './connection/watched-socket.ts';

export type EntraCredentialsOptions = AdapterOptions;

/** What a client holds of its credentials; with them its listener, which a connection may hold weakly. */
class Subscription implements CredentialsDisposable {
  readonly listener: CredentialsListener;
  readonly #provider: Provider;
  readonly #connection: LiveConnection;

  constructor(listener: CredentialsListener, provider: Provider, connection: LiveConnection) {
    this.listener = listener;
    this.#provider = provider;
    this.#connection = connection;
  }

  dispose(): void {
    this.#provider.dispose(this.#connection);
  }
}

class Provider implements EntraCredentialsProvider {
  readonly type = 'streaming-credentials-provider';
  readonly #group: ConnectionGroup;
  readonly #ofStandIns: boolean;
  #justDisposed: LiveConnection | undefined;

  /** Own properties: frameworks copy options deeply, and lose what a class has. The access goes with the function, which no copy changes. */
  readonly subscribe: EntraCredentialsProvider['subscribe'];

  constructor(group: ConnectionGroup, ofStandIns = false) {
    this.#group = group;
    this.#ofStandIns = ofStandIns;
    this.subscribe = (listener) => this.#subscribe(listener);
    Object.defineProperty(this.subscribe, providerAccessKey, { value: group });
  }

  async #subscribe(listener: CredentialsListener): Promise<[BasicAuth, CredentialsDisposable]> {
    const connection = new LiveConnection(this.#group, listener, this.#ofStandIns);
    this.#bind(connection);
    try {
      const credentials = await connection.credentials();
      const { username, password } = connection.handshakeWith(credentials);
      return [{ username, password }, new Subscription(listener, this, connection)];
    } catch (error) {
      return settleFailure(connection, error);
    }
  }

  /** The token manager learns of it from the connection, by name: see `reauthentication-failed`. */
  readonly onReAuthenticationError = (): void => {};

  get [providerAccessKey](): ProviderAccess {
    return this.#group;
  }

  /** Read of options, by createClient() and the like before anything else, and of no provider. Not enumerable. */
  get modules(): never {
    throw providerAsOptions();
  }

  #bind(connection: LiveConnection): void {
    const disposed = this.#justDisposed;
    this.#justDisposed = undefined;
    const former = disposed?.wire;
    // `close()` and `quit()` dispose, too, and keep their socket for the replies to come: then this is another client.
    if (former?.closed === false && !isClientClosed(disposed?.listener)) {
      former.observe(connection);
      connection.bind(former);
      return;
    }
    const { allowsPlainText, ownAuths } = this.#group;
    const latest = takeConnectedSocket();
    const socket = allowsPlainText ? latest : (latest ?? takeRecentSocket());
    if (!allowsPlainText) assertEncrypted(socket);
    if (socket === undefined) return;
    connection.bind(new WatchedSocket(socket, ownAuths, connection), socket === latest);
  }

  /** `reset()` disposes and subscribes again, for the same socket, without a pause; the other callers close it. */
  dispose(connection: LiveConnection): void {
    connection.release();
    this.#justDisposed = connection;
    queueMicrotask(() => {
      if (this.#justDisposed === connection) this.#justDisposed = undefined;
    });
  }
}

/** 5.x answers every rejection with an `error` event, also when it was closed: about its own undefined socket, or about our manager. */
function settleFailure(connection: LiveConnection, error: unknown): Promise<never> {
  const { wire } = connection;
  const isClosed = wire?.closed === true && !wire.endedByPeer;
  if (!isClosed && !(isManagerClosed(error) && isClientClosed(connection.listener))) return Promise.reject(error);
  // It was closed before this socket connected, and has forgotten about it.
  wire?.socket.destroy();
  return new Promise(() => {});
}

const isManagerClosed = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_MANAGER_CLOSED';

/**
 * Credentials of `manager` for the `credentialsProvider` option of `redis` and `@redis/client` 5 and 6. One provider
 * serves any number of clients, their duplicates, pools, clusters (in `defaults`) and sentinels (in `nodeClientOptions`).
 *
 * Each handshake waits for a token that has not expired; each renewal sends one AUTH to each live connection.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for an unknown option or a wrong type.
 */
export function entraCredentials(
  manager: TokenManager,
  options: EntraCredentialsOptions = {},
): EntraCredentialsProvider {
  const { allowPlainText } = adapterOptions(manager, options);
  watchConnectedSockets();
  const group = new ConnectionGroup(manager, allowPlainText);
  group.standInOptions = { credentialsProvider: new Provider(group, true) };
  return new Provider(group);
}
