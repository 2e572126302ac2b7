import type { TokenManager } from '@entra-redis/token-manager';
import type { ClusterOptions } from 'ioredis';
import type { Transport } from './tls.ts';
import { tokenWithin } from './token-wait.ts';

const { lookup } = process.getBuiltinModule('node:dns');

type DnsLookup = NonNullable<ClusterOptions['dnsLookup']>;
const CLOSED: unique symbol = Symbol('closed');

/** The lookups that wait for a token, by the function that was called. */
const waiting = new WeakMap<object, Set<AbortController>>();

/** For a cluster that is closed: its lookups would hold the process. */
export function stopLookups(dnsLookup: object | undefined): void {
  for (const abort of (dnsLookup && waiting.get(dnsLookup)) ?? []) abort.abort(CLOSED);
}

/**
 * A cluster looks its startup nodes up before it connects: the moment to wait for the first token, which the one second of
 * `slotsRefreshTimeout` would not allow later, and to learn the name that the certificates are for.
 */
export function dnsLookupFor(
  manager: TokenManager,
  transport: Transport,
  { dnsLookup = lookup, redisOptions }: ClusterOptions,
): DnsLookup {
  const connectTimeout = redisOptions?.connectTimeout ?? 10_000;
  const waits = new Set<AbortController>();
  const lookUp = async (hostname: string, callback: Parameters<DnsLookup>[1]): Promise<void> => {
    try {
      await waitForToken();
      dnsLookup(hostname, (error, address) => {
        if (address) transport.names.set(address, hostname);
        callback(error, address);
      });
    } catch (error) {
      callback(error as NodeJS.ErrnoException, '');
    }
  };
  const waitForToken = async (): Promise<void> => {
    const abort = new AbortController();
    waits.add(abort);
    // A failure is reported by the nodes, which ask again when they connect.
    await tokenWithin(connectTimeout, manager, abort).catch(() => {});
    waits.delete(abort);
    if (abort.signal.reason === CLOSED) throw new Error('The cluster was closed');
  };
  const lookUpWithToken: DnsLookup = (hostname, callback) => void lookUp(hostname, callback);
  waiting.set(lookUpWithToken, waits);
  return lookUpWithToken;
}
