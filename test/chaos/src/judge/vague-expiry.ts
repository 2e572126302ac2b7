import type { Topology } from '@entra-redis/conformance';
import type { Misleading } from '../schedule/misleading.ts';

/**
 * By a clock that is behind, the expiry of a token is known to a second: it says in whole seconds when it was issued. That is longer than
 * the margin before it, a tenth of the few seconds that it lives.
 */
export const isVague = (kind: Misleading): boolean =>
  kind === 'overstated-expiry' || kind === 'clock-behind' || kind === 'clock-set-back';

/** A RESP2 subscriber of node-redis that cannot be handed over reconnects at that margin: where it is vague, the server may be earlier. */
export function isCutByVagueness(
  { client, topology }: { readonly client: string; readonly topology: Topology },
  name: string | undefined,
  kind: Misleading | undefined,
): boolean {
  const reconnects = client.startsWith('node-redis@') && topology !== 'standalone' && name === 'subscriber-2';
  return reconnects && kind !== undefined && isVague(kind);
}
