import type { RespVersion } from '../resp/encode.ts';
import { errorText, isTyped, itemsOf, type Reply } from '../resp/reply.ts';
import type { Confirmation, Expected } from './expected.ts';

const messages: ReadonlySet<string> = new Set(['message', 'pmessage', 'smessage']);
const confirmations: Readonly<Record<Confirmation, 'channels' | 'patterns' | 'shardChannels'>> = {
  subscribe: 'channels',
  unsubscribe: 'channels',
  psubscribe: 'patterns',
  punsubscribe: 'patterns',
  ssubscribe: 'shardChannels',
  sunsubscribe: 'shardChannels',
};
/** `1700000000.123456 [0 127.0.0.1:50000] "get" "key"`: https://redis.io/docs/latest/commands/monitor/. */
const monitorLine = /^\d+\.\d+ \[/;

/** What the upstream knows of the connection, as far as it decides which reply answers what. Learned from the replies alone. */
export class ReplyState {
  resp: RespVersion = 2;
  inMulti = false;
  monitoring = false;
  readonly channels: Set<string> = new Set();
  readonly patterns: Set<string> = new Set();
  readonly shardChannels: Set<string> = new Set();
  /** Confirmations that EXEC will send beside its own reply. */
  #extra = 0;

  get subscriber(): boolean {
    return this.channels.size + this.patterns.size + this.shardChannels.size > 0;
  }

  /** Whether everything but a push answers something. */
  get quiet(): boolean {
    return !this.monitoring && (this.resp === 3 || !this.subscriber);
  }

  /** Whether `reply` answers nothing: a message, an invalidation, a line of MONITOR. */
  isOutOfBand(reply: Reply, next: Expected | undefined): boolean {
    if (next === undefined) return true;
    if (isTyped(reply)) {
      if (reply.type === 'push') return !confirms(reply, next);
      return reply.type === 'simple' && this.monitoring && monitorLine.test(reply.text);
    }
    if (this.resp === 3 || !this.subscriber) return false;
    const kind = kindOf(reply);
    // The server itself ends subscriptions to shard channels when a slot moves away.
    return kind !== undefined && (messages.has(kind) || (kind === 'sunsubscribe' && !confirms(reply, next)));
  }

  /** Takes note of a subscription that a reply or push announces. */
  note(reply: Reply): void {
    const kind = kindOf(reply);
    if (!isConfirmation(kind)) return;
    const channel = itemsOf(reply)?.[1];
    const set = this[confirmations[kind]];
    if (!Buffer.isBuffer(channel)) return;
    const name = channel.toString('latin1');
    if (kind.includes('un')) set.delete(name);
    else set.add(name);
  }

  /** Whether `reply` was the last one to this SUBSCRIBE or UNSUBSCRIBE. */
  confirm(reply: Reply, expected: Extract<Expected, { kind: 'confirmations' }>): boolean {
    if (!confirms(reply, expected)) {
      if (this.inMulti && isQueued(reply)) this.#extra += (expected.left ?? 1) - 1;
      return true;
    }
    expected.left = (expected.left ?? Math.max(1, this[confirmations[expected.of]].size)) - 1;
    this.note(reply);
    return expected.left <= 0;
  }

  /** EXEC was answered: how many more replies its SUBSCRIBEs send. */
  endExec(reply: Reply): number {
    const extra = Array.isArray(reply) ? this.#extra : 0;
    if (Array.isArray(reply)) for (const item of reply) this.note(item);
    this.endMulti();
    return extra;
  }

  endMulti(): void {
    this.inMulti = false;
    this.#extra = 0;
  }

  reset(): void {
    this.resp = 2;
    this.monitoring = false;
    this.endMulti();
    for (const set of [this.channels, this.patterns, this.shardChannels]) set.clear();
  }
}

function isQueued(reply: Reply): boolean {
  return isTyped(reply) && reply.type === 'simple' && reply.text === 'QUEUED';
}

/** Whether the upstream did what it was asked to. */
export function isAccepted(reply: Reply): boolean {
  return errorText(reply) === undefined && !isQueued(reply);
}

/** A field of a map, or of the flat array that stands for it in RESP2. */
export function fieldOf(reply: Reply, name: string): Reply | undefined {
  if (isTyped(reply))
    return reply.type === 'map' ? reply.entries.find(([key]) => String(key) === name)?.[1] : undefined;
  if (!Array.isArray(reply)) return undefined;
  const at = reply.findIndex((item, index) => index % 2 === 0 && String(item) === name);
  return at < 0 ? undefined : reply[at + 1];
}

/** First word of a push or of the array that stands for it in RESP2. */
export function kindOf(reply: Reply): string | undefined {
  const first = itemsOf(reply)?.[0];
  return Buffer.isBuffer(first) ? first.toString('latin1') : undefined;
}

function isConfirmation(kind: string | undefined): kind is Confirmation {
  return kind !== undefined && Object.hasOwn(confirmations, kind);
}

function confirms(reply: Reply, next: Expected): boolean {
  return next.kind === 'confirmations' && kindOf(reply) === next.of;
}
