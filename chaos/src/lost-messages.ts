import type { Topology } from '@entra-redis/conformance';
import type { FromApplication } from './protocol.ts';
import type { WireConnection } from './wire-watch.ts';

type Missing = Extract<FromApplication, { type: 'missing' }>;

/** What arrives takes its time; so does a subscription. */
const marginMs = 300;
/** A hand-over is planned where nothing went wrong for the life of a token before it. */
const quietMs = 6000;

/** From when to when messages may be lost by everybody's fault: a paused process, a dead server. */
export interface Disturbance {
  readonly from: number;
  to: number;
}

/**
 * Whether a message that did not arrive should have: from before its PUBLISH until after it, the subscriber had a connection that
 * was subscribed and that nothing happened to. Answers why, or undefined where the loss is nobody's fault.
 */
export function whyLost(
  { subscriber, from, to }: Missing,
  connections: Iterable<WireConnection>,
  disturbances: readonly Disturbance[],
  topology: Topology = 'standalone',
): string | undefined {
  const overlaps = (start: number, end: number): boolean => start - marginMs < to && end + marginMs > from;
  if (disturbances.some((each) => overlaps(each.from, each.to))) return undefined;
  const own = [...connections].filter(({ name }) => name === subscriber);
  const harmed = own.some(
    ({ faultsAt, ending, closedAt }) =>
      faultsAt.some((at) => overlaps(at, at + 1000)) ||
      (closedAt !== undefined && ending !== 'by the client' && overlaps(closedAt, closedAt)),
  );
  if (harmed) return undefined;
  const up = own.find(
    ({ subscribedAt = Infinity, closedAt = Infinity }) => subscribedAt + marginMs < from && closedAt - marginMs > to,
  );
  // A subscriber stays with a master that sentinels have replaced, and hears nothing of the new one until that replicates to it.
  const publisher = subscriber.replace('subscriber', 'mixer');
  const isPublisher = ({ name, node, openedAt, closedAt = Infinity }: WireConnection): boolean =>
    name === publisher && node === up?.node && openedAt < from && closedAt > to;
  if (topology === 'sentinel' && up !== undefined && ![...connections].some(isPublisher)) return undefined;
  if (up !== undefined) return `connection #${up.id} was up and subscribed`;
  const left = own.find(({ closedAt = Infinity }) => overlaps(closedAt, closedAt));
  const recently = (at: number): boolean => at > from - quietMs && at < to;
  const isPlanned =
    !disturbances.some((each) => recently(each.to)) &&
    !own.some(
      ({ faultsAt, ending, closedAt = 0 }) =>
        faultsAt.some(recently) || (ending !== 'by the client' && recently(closedAt)),
    );
  return left === undefined || !isPlanned
    ? undefined
    : `connection #${left.id} was closed by the client in a quiet time`;
}
