import { invalidOption, isRefusal } from '@entra-redis/token-manager';
import { gaveUp } from './errors.ts';

/** The `socket.reconnectStrategy` of node-redis 4, 5 and 6. */
export type ReconnectStrategy = (retries: number, cause: Error) => false | Error | number;

/** What node-redis does by default: 50 ms, doubled up to 2 s, plus up to 200 ms. */
function defaultStrategy(retries: number): number {
  return Math.min(2 ** retries * 50, 2000) + Math.floor(Math.random() * 200);
}

/**
 * A `socket.reconnectStrategy` that ends the client after `refusals` logins in a row that the cache refused; tries of
 * clients that share one strategy are counted together. `connect()` then rejects (in a `ReconnectStrategyError`, as
 * `originalError`) with `ERR_AUTH_REFUSED` instead of trying forever. A connection that would send tokens in plain text
 * ends at once. Anything else is left to `otherwise`; default: what node-redis does.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` unless `refusals` is an integer of at least 1.
 */
export function giveUpAfterRefusals(
  refusals: number,
  otherwise: ReconnectStrategy = defaultStrategy,
): ReconnectStrategy {
  if (!Number.isInteger(refusals) || refusals < 1) {
    throw invalidOption('refusals', refusals, 'an integer of at least 1');
  }
  // One strategy serves many clients: a row of refusals is found by the numbers of its tries.
  const refusedTries = new Set<number>();
  return (retries, cause) => {
    if (codeOf(cause) === 'ERR_PLAIN_TEXT') return cause;
    if (!isRefusal(cause)) {
      refusedTries.delete(retries);
      return otherwise(retries, cause);
    }
    refusedTries.add(retries);
    for (let nth = 0; nth < refusals; nth++) {
      if (!refusedTries.has(retries - nth)) return otherwise(retries, cause);
    }
    refusedTries.clear();
    return gaveUp(refusals, cause);
  };
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
