import type { Topology } from '@entra-redis/conformance';
import type { FromApplication } from '../protocol.ts';
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

/** Whether a connection is one of the client of this name. The subscriber of an ioredis cluster is `ioredis-cluster(subscriber):NAME`. */
const isOf = (client: string, name: string | undefined): boolean =>
  name?.replace(/^ioredis-cluster\(\w+\):/, '') === client;

/** Whether anything between `start` and `end` was near the message. */
const isNear = ({ from, to }: Missing, start: number, end = start): boolean =>
  start - marginMs < to && end + marginMs > from;

const isHarmed = (missing: Missing, { faultsAt, ending, closedAt }: WireConnection): boolean =>
  faultsAt.some((at) => isNear(missing, at, at + 1000)) ||
  (closedAt !== undefined && ending !== 'by the client' && isNear(missing, closedAt));

/**
 * Whether a message that did not arrive should have: from before its PUBLISH until after it, the subscriber had a connection that
 * was subscribed and that nothing happened to. Answers why, or undefined where the loss is nobody's fault.
 */
export function whyLost(
  missing: Missing,
  connections: Iterable<WireConnection>,
  disturbances: readonly Disturbance[],
  topology: Topology = 'standalone',
): string | undefined {
  if (disturbances.some((each) => isNear(missing, each.from, each.to))) return undefined;
  const all = [...connections];
  const own = all.filter(({ name }) => isOf(missing.subscriber, name));
  // Those to other nodes of a cluster have no part in what these do.
  const subscribed = own.filter(({ subscribedAt }) => subscribedAt !== undefined);
  if (subscribed.some((each) => isHarmed(missing, each))) return undefined;
  const up = subscribed.find(
    ({ subscribedAt = Infinity, closedAt = Infinity }) =>
      subscribedAt + marginMs < missing.from && closedAt - marginMs > missing.to,
  );
  if (up !== undefined) {
    // A subscriber stays with a master that sentinels have replaced, and hears nothing of the new one until that replicates to it.
    if (topology === 'sentinel' && !isPublishedOn(up.node, missing, all)) return undefined;
    return `connection #${up.id} was up and subscribed`;
  }
  const left = subscribed.find(({ closedAt = Infinity }) => isNear(missing, closedAt));
  return left !== undefined && isQuiet(missing, own, disturbances)
    ? `connection #${left.id} was closed by the client in a quiet time`
    : undefined;
}

/** Whether the message went to this server. */
const isPublishedOn = (
  node: string | undefined,
  { subscriber, from, to }: Missing,
  connections: readonly WireConnection[],
): boolean =>
  connections.some(
    (each) =>
      isOf(subscriber.replace('subscriber', 'mixer'), each.name) &&
      each.node === node &&
      each.openedAt < from &&
      (each.closedAt ?? Infinity) > to,
  );

/** Whether nothing went wrong before that could have made the client replace its connection. */
function isQuiet(missing: Missing, own: readonly WireConnection[], disturbances: readonly Disturbance[]): boolean {
  const isRecent = (at: number): boolean => at > missing.from - quietMs && at < missing.to;
  return (
    !disturbances.some((each) => isRecent(each.to)) &&
    !own.some(
      (each) =>
        isHarmed(missing, each) ||
        each.faultsAt.some(isRecent) ||
        (each.ending !== 'by the client' && isRecent(each.closedAt ?? 0)),
    )
  );
}
