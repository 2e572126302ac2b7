import type { Condition, SubscriptionKind, Subscriptions } from '../client/client-internals.ts';

/** What leaves what a command has joined. */
export const unsubscribeNames = {
  subscribe: 'unsubscribe',
  psubscribe: 'punsubscribe',
  ssubscribe: 'sunsubscribe',
} as const;

/**
 * What ioredis knows of the subscriptions is what it subscribes to again after a reconnect, or in a cluster on another node. Until
 * `restore` is called it does not see that these channels are left: were the connection lost before they are joined again, they
 * would be lost permanently. What the user leaves meanwhile is left.
 */
export function keepSubscriptions(
  condition: Condition,
  channels: readonly (readonly [SubscriptionKind, readonly string[]])[],
): { restore(): void } {
  const subscriptions = condition.subscriber as Subscriptions;
  const ours = new Set(channels.flatMap(([kind, names]) => names.map((name) => `${unsubscribeNames[kind]} ${name}`)));
  let subscriber: Condition['subscriber'] = subscriptions;
  /** The last reply was to one of our UNSUBSCRIBEs; where nothing is left, ioredis then says that there is no subscriber. */
  let answered = false;
  const del = (kind: string, channel: string): void => {
    answered = ours.delete(`${kind} ${channel}`);
    if (!answered) Object.getPrototypeOf(subscriptions).del.call(subscriptions, kind, channel);
  };
  const set = (value: Condition['subscriber']): void => {
    if (value !== false || !answered) subscriber = value;
    answered = false;
  };
  Object.defineProperty(subscriptions, 'del', { value: del, configurable: true });
  Object.defineProperty(condition, 'subscriber', { get: () => subscriber, set, configurable: true, enumerable: true });
  return {
    restore: () => {
      Reflect.deleteProperty(subscriptions, 'del');
      const known = { value: subscriber, configurable: true, enumerable: true, writable: true };
      Object.defineProperty(condition, 'subscriber', known);
    },
  };
}
