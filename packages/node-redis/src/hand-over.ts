import { invalidOption } from './errors.ts';
import { accessOf, type ProviderAccess, v4Marker } from './provider-access.ts';

type Listener = (...args: never[]) => unknown;
interface ChannelListeners {
  unsubscribing: boolean;
  buffers: Set<Listener>;
  strings: Set<Listener>;
}
type Listeners = Map<string, ChannelListeners>;
type PubSubType = 'CHANNELS' | 'PATTERNS' | 'SHARDED';

/** A client of `redis` 4, or `@redis/client` 5 or 6, that subscribes; structural, so that no import is needed. */
export interface SubscriberClient {
  readonly options: unknown;
  readonly isPubSubActive: boolean;
  duplicate(): unknown;
}
interface Subscriber extends SubscriberClient {
  readonly isReady: boolean;
  duplicate(): Subscriber;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'end' | 'ready', listener: () => void): unknown;
  off(event: 'end' | 'ready', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy?(): void;
  /** 4.x */
  disconnect?(): Promise<void>;
  getPubSubListeners(type: PubSubType): Listeners;
  extendPubSubListeners(type: PubSubType, listeners: Listeners): Promise<void>;
  unsubscribe(channels: string[]): Promise<void>;
  pUnsubscribe(patterns: string[]): Promise<void>;
  sUnsubscribe(channels: string[]): Promise<void>;
}

const types: readonly PubSubType[] = ['CHANNELS', 'PATTERNS', 'SHARDED'];
const timeoutMs = 5_000;

function snapshot(subscriber: Subscriber): Map<PubSubType, Listeners> {
  return new Map(types.map((type) => [type, copy(subscriber.getPubSubListeners(type))]));
}

function copy(listeners: Listeners): Listeners {
  const copies = [...listeners].map(
    ([channel, { buffers, strings }]) =>
      [channel, { unsubscribing: false, buffers: new Set(buffers), strings: new Set(strings) }] as const,
  );
  return new Map(copies);
}

async function subscribeAll(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  await Promise.all([...all].map(([type, listeners]) => subscriber.extendPubSubListeners(type, copy(listeners))));
}

/** Resolves when the server answered: every message before that was delivered. */
async function unsubscribeAll(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  const names = (type: PubSubType): string[] => [...(all.get(type)?.keys() ?? [])];
  const [channels, patterns, sharded] = types.map(names) as [string[], string[], string[]];
  await Promise.all([
    channels.length > 0 && subscriber.unsubscribe(channels),
    patterns.length > 0 && subscriber.pUnsubscribe(patterns),
    sharded.length > 0 && subscriber.sUnsubscribe(sharded),
  ]);
}

/** Also where its connection is replaced meanwhile: it subscribes again on the new one by itself, and then is ready. */
async function subscribeAgain(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  try {
    await subscribeAll(subscriber, all);
  } finally {
    if (!subscriber.isReady) await readyOrEnded(subscriber);
  }
}

async function readyOrEnded(subscriber: Subscriber): Promise<void> {
  let resolve = (): void => undefined;
  const settled = new Promise<void>((r) => {
    resolve = r;
  });
  subscriber.once('ready', resolve);
  subscriber.once('end', resolve);
  await atMost(timeoutMs, settled);
  subscriber.off('ready', resolve);
  subscriber.off('end', resolve);
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { setTimeout: delay } = process.getBuiltinModule('node:timers/promises');
  await Promise.race([work, delay(ms, undefined, { ref: false })]);
}

async function standInFor(subscriber: Subscriber): Promise<Subscriber> {
  const standIn = subscriber.duplicate();
  standIn.on('error', () => undefined);
  await standIn.connect();
  return standIn;
}

function providerOf(subscriber: SubscriberClient): ProviderAccess {
  const options: { credentialsProvider?: unknown; [v4Marker]?: unknown } = subscriber.options ?? {};
  const access = accessOf(options.credentialsProvider) ?? accessOf(options[v4Marker]);
  if (access !== undefined) return access;
  throw invalidOption(
    'subscriber',
    'must be a client whose options have entraCredentials(), or are made by withEntra()',
  );
}

/**
 * Gives a RESP2 subscriber, on which AUTH is not possible, the newest token without losing a message: a duplicate
 * subscribes first, then `subscriber` unsubscribes, authenticates in place and subscribes again. Messages of the overlap
 * arrive twice, at most a few. Listeners stay. Subscriptions may change until the duplicate is connected, and not in the few
 * round trips that follow.
 * A RESP3 subscriber needs none of this; one without subscriptions is left alone.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for a client without `entraCredentials()` or `withEntra()`; errors of the client.
 */
export async function handOver(subscriber: SubscriberClient): Promise<void> {
  const provider = providerOf(subscriber);
  if (!subscriber.isPubSubActive) return;
  const client = subscriber as Subscriber;
  const standIn = await standInFor(client);
  try {
    const covered = snapshot(client);
    await subscribeAll(standIn, covered);
    // Read again: it may have left channels meanwhile, which must not come back.
    const listeners = snapshot(client);
    try {
      await unsubscribeAll(client, listeners);
      await atMost(timeoutMs, provider.authenticateFree());
    } finally {
      await subscribeAgain(client, listeners);
      await unsubscribeAll(standIn, covered);
    }
  } finally {
    if (standIn.destroy === undefined) await standIn.disconnect?.();
    else standIn.destroy();
  }
}

/**
 * Hands `subscriber` over at each refresh, by itself, until it is closed or the returned function is called. For RESP2
 * subscribers, the default of 5.x; calling it again changes nothing. A hand-over that fails is left to the planned reconnect before the token expires.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for a client without `entraCredentials()` or `withEntra()`.
 */
export function handOverOnRefresh(subscriber: SubscriberClient): () => void {
  const provider = providerOf(subscriber);
  const already = provider.handedOver.get(subscriber);
  if (already !== undefined) return already;
  let running = false;
  const remove = provider.onSubscriberWaits(() => {
    if (running || !subscriber.isPubSubActive) return;
    running = true;
    handOver(subscriber)
      .catch(() => undefined)
      .finally(() => {
        running = false;
      });
  });
  const stop = (): void => {
    remove();
    provider.handedOver.delete(subscriber);
  };
  provider.handedOver.set(subscriber, stop);
  (subscriber as Subscriber).once('end', stop);
  return stop;
}
