import type { Socket } from 'node:net';
import type { TokenManager } from '@entra-redis/token-manager';
import { type AdoptedConnector, type Adoption, adoptionKey, nodesOfClusters } from '../client/adoption.ts';
import { checkOptions, type EntraSettings } from '../client/connector.ts';
import { noToken } from '../errors.ts';
import type { Connector, Instance } from '../client/client-internals.ts';

/** As they are when this is loaded: a test may put others in their place later. */
const { setTimeout, clearTimeout } = globalThis;

/** Makes the connector of an instance wait for a token before it opens its socket, to where the options say by then. */
export function connectAfterToken(instance: Instance, settings: EntraSettings): void {
  const { connector, sendCommand } = instance;
  const { connect, disconnect } = connector;
  const value: Adoption = { instance, settings, connect, disconnect, sendCommand, stop: undefined };
  Object.defineProperty(connector, adoptionKey, { value });
  connector.connect = connectWithToken;
  connector.disconnect = stopAndDisconnect;
}

async function connectWithToken(this: AdoptedConnector, emit: Parameters<Connector['connect']>[0]): Promise<Socket> {
  const adoption = this[adoptionKey];
  const { instance, settings, connect } = adoption;
  // Of the last attempt: `disconnect` would wait two seconds for this socket to close again.
  this.stream = undefined;
  this.firstError = undefined;
  const stop = new AbortController();
  const { signal } = stop;
  adoption.stop = stop;
  try {
    await tokenWithin(instance.options.connectTimeout, settings.manager, signal);
  } catch (error) {
    if (!signal.aborted) return failAttempt(instance, error);
  } finally {
    // It would be kept as long as the connection.
    if (adoption.stop === stop) adoption.stop = undefined;
  }
  if (signal.aborted) return closedSocket();
  checkOptions(instance.options, settings);
  return connect.call(this, emit);
}

function stopAndDisconnect(this: AdoptedConnector): void {
  const { stop, disconnect } = this[adoptionKey];
  stop?.abort();
  disconnect.call(this);
}

/** Resolves when there are credentials. Rejects with the manager's error, after `timeoutMs` (0 or undefined: never), or on `stop`. */
export async function tokenWithin(
  timeoutMs: number | undefined,
  manager: TokenManager,
  stop: AbortSignal | undefined,
): Promise<void> {
  const late = new AbortController();
  // Keeps the process alive, as a socket that is connecting does.
  const timer = timeoutMs ? setTimeout(() => late.abort(noToken(timeoutMs)), timeoutMs) : undefined;
  try {
    await manager.credentials({ signal: AbortSignal.any(stop === undefined ? [late.signal] : [late.signal, stop]) });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A rejected connect ends an instance for good, and rejects what waits for it: only right where no other attempt would follow or help, as
 * that of a connection by which a cluster asks for its slots. A closed socket is a failed attempt like any other: `error`, then
 * `retryStrategy`, or another try of the cluster. Libraries know it, too: BullMQ gives up where an error is not of a connection.
 */
function failAttempt(instance: Instance, error: unknown): Socket {
  const { connector, options } = instance;
  const permanent = (error as { code?: unknown }).code === 'ERR_MANAGER_CLOSED';
  const isTriedAgain = typeof options.retryStrategy === 'function' || nodesOfClusters.has(instance);
  if (permanent || !isTriedAgain) throw error;
  connector.firstError = error;
  return closedSocket();
}

function closedSocket(): Socket {
  const net = process.getBuiltinModule('node:net');
  return new net.Socket().destroy();
}
