import { push, type Reply } from '../../resp/reply.ts';
import { type Args, at, bytesOf, copyOf, keyAt, keyOf } from '../args.ts';
import { command, container, keys } from '../command.ts';
import type { Command, Handler, Outcome, Session } from '../model.ts';
import type { PubSub, SubscriptionKind } from '../pubsub.ts';

const verbs: Readonly<Record<SubscriptionKind, readonly [string, string]>> = {
  channels: ['subscribe', 'unsubscribe'],
  patterns: ['psubscribe', 'punsubscribe'],
  shardChannels: ['ssubscribe', 'sunsubscribe'],
};

/** Shard channels are counted apart from the others. */
function countOf(session: Session, kind: SubscriptionKind): number {
  return kind === 'shardChannels' ? session.shardChannels.size : session.subscriptionCount;
}

function hubOf(session: Session): PubSub<Session> {
  return session.node.pubsub;
}

function subscribe(kind: SubscriptionKind): Handler {
  return (session, args) => {
    const replies = args.slice(1).map((_, index): Reply => {
      const name = keyAt(args, index + 1);
      hubOf(session).add(kind, name, session);
      return push([verbs[kind][0], bytesOf(name), countOf(session, kind)]);
    });
    return { replies };
  };
}

function unsubscribe(kind: SubscriptionKind): Handler {
  return (session, args) => {
    const given = args.slice(1).map((_, index) => keyAt(args, index + 1));
    const names = given.length > 0 ? given : [...session[kind]];
    if (names.length === 0) return { replies: [push([verbs[kind][1], null, countOf(session, kind)])] };
    const replies = names.map((name): Reply => {
      hubOf(session).remove(kind, name, session);
      return push([verbs[kind][1], bytesOf(name), countOf(session, kind)]);
    });
    return { replies };
  };
}

/** Only receivers on the node that was asked are counted, as in a Redis cluster. */
function publish(session: Session, args: Args): Outcome {
  return hubOf(session).publish(keyAt(args, 1), copyOf(at(args, 2)), (other) => other.node === session.node);
}

function spublish(session: Session, args: Args): Outcome {
  return hubOf(session).publishSharded(keyAt(args, 1), copyOf(at(args, 2)));
}

/** Name and number of subscribers, channel by channel. */
function countSubscribers(session: Session, args: Args): Outcome {
  return args.slice(2).flatMap((name): Reply[] => [name, hubOf(session).channels.get(keyOf(name))?.size ?? 0]);
}

const subscribing = 'pubsub noscript loading stale';
const asking = 'pubsub loading stale';
export const pubsubCommands: readonly Command[] = [
  command('subscribe', -2, subscribing, undefined, subscribe('channels')),
  command('unsubscribe', -1, subscribing, undefined, unsubscribe('channels')),
  command('psubscribe', -2, subscribing, undefined, subscribe('patterns')),
  command('punsubscribe', -1, subscribing, undefined, unsubscribe('patterns')),
  command('ssubscribe', -2, subscribing, keys(1, -1), subscribe('shardChannels')),
  command('sunsubscribe', -1, subscribing, keys(1, -1), unsubscribe('shardChannels')),
  command('publish', 3, `${asking} fast`, undefined, publish),
  command('spublish', 3, `${asking} fast`, keys(1), spublish),
  container('pubsub', '', [command('numsub', -2, asking, undefined, countSubscribers)]),
];
