import { push, type Reply } from '../resp/reply.ts';
import { bytesOf } from './args.ts';
import { globMatches } from './glob.ts';

export type SubscriptionKind = 'channels' | 'patterns' | 'shardChannels';

/** A connection, as far as subscriptions are concerned. */
export interface Subscriber extends Readonly<Record<SubscriptionKind, Set<string>>> {
  readonly output: { send(reply: Reply): void };
}

/** Who listens to what. Channels and patterns span the whole cluster, shard channels belong to the node that owns their slot. */
export class PubSub<Member extends Subscriber> {
  readonly channels: Map<string, Set<Member>> = new Map();
  readonly patterns: Map<string, Set<Member>> = new Map();
  readonly shardChannels: Map<string, Set<Member>> = new Map();

  add(kind: SubscriptionKind, name: string, session: Member): void {
    const sessions = this[kind].get(name) ?? new Set();
    this[kind].set(name, sessions.add(session));
    session[kind].add(name);
  }

  remove(kind: SubscriptionKind, name: string, session: Member): boolean {
    const sessions = this[kind].get(name);
    sessions?.delete(session);
    if (sessions?.size === 0) this[kind].delete(name);
    return session[kind].delete(name);
  }

  removeAll(session: Member): void {
    for (const kind of ['channels', 'patterns', 'shardChannels'] as const) {
      for (const name of session[kind]) this.remove(kind, name, session);
    }
  }

  /** Delivers to channels and patterns; `counted` says which receivers count for the answer. */
  publish(channel: string, message: Buffer, counted: (session: Member) => boolean): number {
    const name = bytesOf(channel);
    let receivers = 0;
    const deliver = (session: Member, items: readonly Reply[]): void => {
      session.output.send(push(items));
      if (counted(session)) receivers++;
    };
    for (const session of this.channels.get(channel) ?? []) deliver(session, ['message', name, message]);
    for (const [pattern, sessions] of this.patterns) {
      if (!globMatches(pattern, channel)) continue;
      for (const session of sessions) deliver(session, ['pmessage', bytesOf(pattern), name, message]);
    }
    return receivers;
  }

  publishSharded(channel: string, message: Buffer): number {
    const sessions = this.shardChannels.get(channel) ?? new Set();
    for (const session of sessions) session.output.send(push(['smessage', bytesOf(channel), message]));
    return sessions.size;
  }
}
