import type { Socket } from 'node:net';
import type { TokenManager } from '@entra-redis/token-manager';
import { noToken, unknownCopy } from './errors.ts';
import type { Connector, Instance } from './internals.ts';

type Connect = Connector['connect'];

/** What `refuseUnadopted` took the place of, until the adoption. */
const replaced = new WeakMap<Connector, Connect>();

/** Refuses to connect until the instance has been adopted: its connections would be cut when their token expires. */
export function refuseUnadopted(connector: Connector): void {
  replaced.set(connector, connector.connect);
  const refuse: Connect = async (emit) => {
    // The constructor of an instance connects at once; attach() may follow directly.
    await Promise.resolve();
    if (connector.connect === refuse) throw unknownCopy();
    return connector.connect(emit);
  };
  connector.connect = refuse;
}

/** Lets the connector of an instance open its socket only when there is a token. */
export function waitForToken(instance: Instance, manager: TokenManager): void {
  const { connector, options } = instance;
  const connect = replaced.get(connector) ?? connector.connect;
  replaced.delete(connector);
  const { disconnect } = connector;
  let stop: (() => void) | undefined;
  connector.connect = async (emit) => {
    // Of the last attempt: `disconnect` would wait two seconds for this socket to close again.
    connector.stream = undefined;
    connector.firstError = undefined;
    const abort = new AbortController();
    let stopped = false;
    stop = () => {
      stopped = true;
      abort.abort();
    };
    try {
      await tokenWithin(options.connectTimeout, manager, abort);
    } catch (error) {
      if (!stopped) return failed(instance, error);
    } finally {
      stop = undefined;
    }
    return stopped ? closedSocket() : connect.call(connector, emit);
  };
  connector.disconnect = () => {
    stop?.();
    disconnect.call(connector);
  };
}

/** Resolves when there are credentials. Rejects with the manager's error, or after `timeoutMs` (0 or undefined: never). */
export async function tokenWithin(
  timeoutMs: number | undefined,
  manager: TokenManager,
  abort: AbortController = new AbortController(),
): Promise<void> {
  // Keeps the process alive, as a socket that is connecting does.
  const timer = timeoutMs ? setTimeout(() => abort.abort(noToken(timeoutMs)), timeoutMs) : undefined;
  try {
    await manager.credentials({ signal: abort.signal });
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A rejected connect ends an instance for good: only right where no other attempt would follow or help, as in a cluster, where
 * the error then reaches the commands. A closed socket is a failed attempt like any other: `error`, then `retryStrategy`.
 */
function failed({ connector, options }: Instance, error: unknown): Socket {
  const permanent = (error as { code?: unknown }).code === 'ERR_MANAGER_CLOSED';
  if (permanent || typeof options.retryStrategy !== 'function') throw error;
  connector.firstError = error;
  return closedSocket();
}

function closedSocket(): Socket {
  const net = process.getBuiltinModule('node:net');
  return new net.Socket().destroy();
}
