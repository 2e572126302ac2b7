import assert from 'node:assert/strict';
import type { WireEntry, WireTimeline } from '@entra-redis/emulator';
import type { Session, SubscriptionKind } from '../driver/driver.ts';
import type { Context } from './scenario.ts';
import { repeatUntilStopped } from './steps.ts';
import { commandsOf, connectionOf } from './wire.ts';

/** What one subscription got, and the command that publishes to it. */
export interface Subscription {
  readonly kind: SubscriptionKind;
  readonly received: string[];
  readonly publish: (message: string) => Promise<unknown>;
}

const channels = { channel: 'news', pattern: 'week*', sharded: 'shard' } as const;
const targets = { channel: 'news', pattern: 'weekly', sharded: 'shard' } as const;

/** Subscribes to one channel of every kind that the client has. */
export async function subscribeToAll(
  context: Context,
  subscriber: Session,
  publisher: Session,
): Promise<Subscription[]> {
  const sharded = context.supports('sharded-subscribe');
  const kinds: readonly SubscriptionKind[] = ['channel', 'pattern', ...(sharded ? (['sharded'] as const) : [])];
  const subscriptions: Subscription[] = [];
  for (const kind of kinds) {
    const received: string[] = [];
    await subscriber.subscribe(channels[kind], (message) => received.push(message), kind);
    const command = kind === 'sharded' ? 'SPUBLISH' : 'PUBLISH';
    const publish = (message: string): Promise<unknown> => publisher.command(command, targets[kind], message);
    subscriptions.push({ kind, received, publish });
  }
  return subscriptions;
}

/** Publishes `0`, `1` and so on to each of them, until it is stopped. */
export const publishTo = (
  subscriptions: readonly Subscription[],
  pauseMs?: number,
): ReturnType<typeof repeatUntilStopped> =>
  repeatUntilStopped((round) => Promise.all(subscriptions.map(({ publish }) => publish(String(round)))), pauseMs);

/** Waits until `lost` names none of the messages `0` to `published - 1`. */
export async function untilNoneIsLost(
  context: Context,
  subscriptions: readonly Subscription[],
  published: number,
  lost: (subscription: Subscription, published: number) => readonly string[] = missing,
): Promise<void> {
  for (const subscription of subscriptions)
    await context.eventually(`each message of the ${subscription.kind}`, () => {
      assert.deepEqual(lost(subscription, published), [], 'lost messages');
      return true;
    });
}

/** Which of the messages `0` to `published - 1` did not arrive. */
export function missing({ received }: Pick<Subscription, 'received'>, published: number): string[] {
  const seen = new Set(received);
  return Array.from({ length: published }, (_, i) => String(i)).filter((message) => !seen.has(message));
}

/** A reconnect of a subscriber may take this long: the pause of the client (50 ms in these drivers), TLS, the login and SUBSCRIBE. */
export const slowestReconnectMs = 500;
/** A message is on its way for this long: one published just before a cut is lost with it. */
const underWayMs = 50;

const commands = {
  channel: ['SUBSCRIBE', 'PUBLISH'],
  pattern: ['PSUBSCRIBE', 'PUBLISH'],
  sharded: ['SSUBSCRIBE', 'SPUBLISH'],
} as const;

/** The times in which the channel of this kind was not subscribed, after it first was. */
export function reconnects(
  { entries }: Pick<WireTimeline, 'entries'>,
  kind: SubscriptionKind,
): { from: number; to: number }[] {
  const ends = new Map(entries.flatMap((entry) => (entry.event === 'close' ? [[connectionOf(entry), entry.at]] : [])));
  const found: { from: number; to: number }[] = [];
  let servedUntil: number | undefined;
  for (const entry of commandsTo(entries, commands[kind][0], channels[kind])) {
    if (servedUntil !== undefined && entry.at >= servedUntil) found.push({ from: servedUntil, to: entry.at });
    servedUntil = Math.max(servedUntil ?? 0, ends.get(connectionOf(entry)) ?? Number.POSITIVE_INFINITY);
  }
  return found;
}

/** Each lost message for which no reconnect accounts: the channel was subscribed when it was published, or had been gone for too long. */
export function lostOtherwise(
  timeline: Pick<WireTimeline, 'entries'>,
  subscription: Pick<Subscription, 'kind' | 'received'>,
  published: number,
): string[] {
  const { kind } = subscription;
  const quick = reconnects(timeline, kind).filter(({ from, to }) => to - from <= slowestReconnectMs);
  const sent = commandsTo(timeline.entries, commands[kind][1], targets[kind]);
  const sentAt = new Map(sent.map(({ at, args = [] }) => [args[2], at]));
  return missing(subscription, published).filter((message) => {
    const at = sentAt.get(message) ?? Number.NaN;
    return !quick.some(({ from, to }) => at >= from - underWayMs && at <= to + underWayMs);
  });
}

const commandsTo = (entries: readonly WireEntry[], name: string, channel: string): WireEntry[] =>
  commandsOf({ entries }, name).filter(({ args }) => args?.[1] === channel);
