import { expect, test } from 'vitest';
import type { Condition, SubscriptionKind } from '../../src/client/client-internals.ts';
import { keepSubscriptions } from '../../src/connection/kept-subscriptions.ts';

/** As ioredis keeps them. */
class Subscriptions {
  readonly known: Set<string>;
  constructor(...known: string[]) {
    this.known = new Set(known);
  }
  channels(): string[] {
    return [...this.known];
  }
  del(kind: string, channel: string): void {
    this.known.delete(`${kind.replace('unsubscribe', 'subscribe')} ${channel}`);
  }
}

const channels: readonly (readonly [SubscriptionKind, readonly string[]])[] = [
  ['subscribe', ['a', 'b']],
  ['psubscribe', ['a*']],
  ['ssubscribe', ['s']],
];
const all = ['subscribe a', 'subscribe b', 'psubscribe a*', 'ssubscribe s'];

function whileKept() {
  const subscriptions = new Subscriptions(...all);
  const condition: Condition = { subscriber: subscriptions };
  const kept = keepSubscriptions(condition, channels);
  /** What ioredis does for a reply to an UNSUBSCRIBE. */
  const left = (kind: string, channel: string, isLast = false): void => {
    subscriptions.del(kind, channel);
    if (isLast) condition.subscriber = false;
  };
  return { subscriptions, condition, restore: () => kept.restore(), left };
}

test('reauth/subscriber-resp2: what AUTH makes room for is not forgotten, nor that there is a subscriber', () => {
  const { subscriptions, condition, restore, left } = whileKept();
  left('unsubscribe', 'a');
  left('unsubscribe', 'b');
  left('punsubscribe', 'a*');
  left('sunsubscribe', 's', true);
  expect(subscriptions.channels()).toEqual(all);
  expect(condition.subscriber).toBe(subscriptions);
  restore();
  expect(condition).toEqual({ subscriber: subscriptions });
  expect(Object.keys(condition)).toEqual(['subscriber']);
});

test('reauth/subscriber-leaves: what the user leaves meanwhile is left', () => {
  const { subscriptions, condition, left } = whileKept();
  for (const [kind, names] of channels) for (const name of names) left(kind.replace('sub', 'unsub'), name);
  for (const [kind, names] of channels) {
    for (const name of names) left(kind.replace('sub', 'unsub'), name, subscriptions.known.size === 1);
  }
  expect(subscriptions.channels()).toEqual([]);
  expect(condition.subscriber).toBe(false);
});

test('reauth/subscriber-resp2: a channel that is not among them is not kept', () => {
  const { subscriptions, left } = whileKept();
  subscriptions.known.add('subscribe other');
  left('unsubscribe', 'other');
  left('punsubscribe', 'a');
  expect(subscriptions.channels()).toEqual(all);
});

test('the new subscriber of another socket is seen', () => {
  const { condition } = whileKept();
  const next = new Subscriptions();
  condition.subscriber = next;
  expect(condition.subscriber).toBe(next);
});

test('once restored, everything is as ioredis made it', () => {
  const { subscriptions, condition, restore, left } = whileKept();
  restore();
  left('unsubscribe', 'a', true);
  expect(subscriptions.channels()).not.toContain('subscribe a');
  expect(condition.subscriber).toBe(false);
  condition.subscriber = subscriptions;
  expect(condition.subscriber).toBe(subscriptions);
  expect(Object.hasOwn(subscriptions, 'del')).toBe(false);
});
