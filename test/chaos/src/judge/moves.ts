import type { WireConnection } from './wire-watch.ts';

/** From then on a client that connects goes to this address, as its user wants. */
export interface Move {
  readonly node: string;
  readonly at: number;
}

/** A connection that was under way may still open at the former address. */
const underWayMs = 3000;

/** The address of a connection that opened at this instant; undefined where it may be either. `moves` are in order. */
function addressAt(first: string, moves: readonly Move[], openedAt: number): string | undefined {
  if (moves.some(({ at }) => Math.abs(openedAt - at) < underWayMs)) return undefined;
  return moves.findLast(({ at }) => at < openedAt)?.node ?? first;
}

/** Whether the clients whose options are changed have connections of this name. */
const isMovable = (name: string | undefined): boolean => /^(mixer|blocker|reader|subscriber)-/.test(name ?? '');

/** Connections that went to another address than the user wanted. */
export function misplaced(connections: Iterable<WireConnection>, moves: readonly Move[]): string[] {
  if (moves.length === 0) return [];
  return [...connections]
    .filter(({ name }) => isMovable(name))
    .flatMap(({ id, name, node, openedAt }) => {
      const wanted = addressAt('address-1', moves, openedAt);
      return wanted === undefined || node === wanted
        ? []
        : [`connection #${id} ${name} went to ${node}, not to ${wanted}`];
    });
}
