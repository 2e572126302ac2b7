import type { Session, SubscriptionKind } from '../driver.ts';
import type { Context } from '../types.ts';

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

/** Which of the messages `0` to `published - 1` did not arrive. */
export function missing({ received }: Subscription, published: number): string[] {
  const seen = new Set(received);
  return Array.from({ length: published }, (_, i) => String(i)).filter((message) => !seen.has(message));
}
