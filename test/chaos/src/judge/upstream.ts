import type { Topology } from '@entra-redis/conformance';
import type { Violation } from '../protocol.ts';

export interface Blamed {
  /** Ours, or nobody's. */
  readonly violations: readonly Violation[];
  /** The client's own, whatever it logs in with. */
  readonly upstream: readonly Violation[];
}

export const upstreamReason =
  'a cluster of node-redis that is destroyed while it discovers its nodes connects to them all the same, and what waited for that never settles';

/** Who is to blame for what a round found. Nothing but what follows from the client's own defect is taken from us. */
export function blame(client: string, topology: Topology, violations: readonly Violation[]): Blamed {
  const waited = ({ invariant, detail }: Violation): boolean =>
    invariant === 'settles' && detail.startsWith('after close:');
  if (!client.startsWith('node-redis@') || topology !== 'cluster' || !violations.some(waited)) {
    return { violations, upstream: [] };
  }
  const open = ({ invariant, detail }: Violation): boolean =>
    invariant === 'footprint' && /TCPSocketWrap|Timeout|did not end by itself/.test(detail);
  const theirs = (violation: Violation): boolean => waited(violation) || open(violation);
  return {
    violations: violations.filter((violation) => !theirs(violation)),
    upstream: violations.filter(theirs),
  };
}
