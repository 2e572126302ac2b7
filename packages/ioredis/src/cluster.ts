import type { TokenManager } from '@entra-redis/token-manager';
import type { ClusterOptions } from 'ioredis';
import type { Transport } from './tls.ts';
import { tokenWithin } from './token-wait.ts';

const { lookup } = process.getBuiltinModule('node:dns');

type DnsLookup = NonNullable<ClusterOptions['dnsLookup']>;

/** Where the hook of whichever copy of this module puts what aborts when a cluster is closed: its lookups would hold the process. */
export const CLOSED: unique symbol = Symbol.for('@entra-redis/ioredis/closed');

/** Each cluster has an object of its own for its options, and calls the lookup as a method of it. */
type Caller = { readonly [CLOSED]?: AbortSignal } | undefined;

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
  const lookUp = async (caller: Caller, hostname: string, callback: Parameters<DnsLookup>[1]): Promise<void> => {
    const closed = caller?.[CLOSED];
    try {
      // A failure is reported by the nodes, which ask again when they connect.
      await tokenWithin(connectTimeout, manager, closed).catch(() => {});
      closed?.throwIfAborted();
      dnsLookup.call(caller, hostname, (error, address) => {
        if (address) transport.names.set(address, hostname);
        callback(error, address);
      });
    } catch (error) {
      callback(error as NodeJS.ErrnoException, '');
    }
  };
  return function (this: Caller, hostname, callback) {
    void lookUp(this, hostname, callback);
  };
}
