import { optionProblem } from '../errors.ts';
import type { ReconnectStrategy } from '../give-up.ts';
import { accessOf, type ProviderAccess, v4BindingKey } from '../connection/provider-access.ts';
import { wait } from '../timers.ts';

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
  readonly isOpen: boolean;
  readonly isReady: boolean;
  duplicate(overrides?: object): Subscriber;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'end' | 'ready', listener: () => void): unknown;
  off(event: 'end' | 'ready', listener: () => void): unknown;
  connect(): Promise<unknown>;
  unref(): void;
  destroy?(): void;
  /** 4.x */
  disconnect?(): Promise<void>;
  getPubSubListeners(type: PubSubType): Listeners;
  extendPubSubListeners(type: PubSubType, listeners: Listeners): Promise<void>;
  unsubscribe(channels: string[]): Promise<void>;
  pUnsubscribe(patterns: string[]): Promise<void>;
  sUnsubscribe(channels: string[]): Promise<void>;
}

const pubSubTypes: readonly PubSubType[] = ['CHANNELS', 'PATTERNS', 'SHARDED'];
const authTimeoutMs = 5_000;
const reconnectTimeoutMs = 5_000;
const ignore = (): void => undefined;

function listenersOf(subscriber: Subscriber): Map<PubSubType, Listeners> {
  return new Map(pubSubTypes.map((type) => [type, copyListeners(subscriber.getPubSubListeners(type))]));
}

function copyListeners(listeners: Listeners): Listeners {
  const copies = [...listeners].map(
    ([channel, { buffers, strings }]) =>
      [channel, { unsubscribing: false, buffers: new Set(buffers), strings: new Set(strings) }] as const,
  );
  return new Map(copies);
}

/** By command: sharded channels may belong to different slots, so each needs one of its own. */
function commandsFor(type: PubSubType, listeners: Listeners): Listeners[] {
  return type === 'SHARDED' ? [...listeners].map((entry) => new Map([entry])) : [listeners];
}

async function subscribeAll(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  const subscribe = (type: PubSubType, listeners: Listeners): Promise<void>[] =>
    commandsFor(type, copyListeners(listeners)).map((some) => subscriber.extendPubSubListeners(type, some));
  await Promise.all([...all].flatMap(([type, listeners]) => subscribe(type, listeners)));
}

/** Resolves when the server answered: every message before that was delivered. */
async function unsubscribeAll(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  const names = (type: PubSubType): string[] => [...(all.get(type)?.keys() ?? [])];
  const [channels, patterns, sharded] = pubSubTypes.map(names) as [string[], string[], string[]];
  await Promise.all([
    channels.length > 0 && subscriber.unsubscribe(channels),
    patterns.length > 0 && subscriber.pUnsubscribe(patterns),
    ...sharded.map((channel) => subscriber.sUnsubscribe([channel])),
  ]);
}

/** Also where its connection is replaced meanwhile: it subscribes again on the new one by itself, and then is ready. */
async function subscribeAgain(subscriber: Subscriber, all: Map<PubSubType, Listeners>): Promise<void> {
  const subscribed = subscribeAll(subscriber, all);
  // One that gave up keeps its listeners, for a connect() that may never come.
  if (!subscriber.isOpen) return void subscribed.catch(ignore);
  try {
    await subscribed;
  } finally {
    if (!subscriber.isReady) await untilDoneOr(subscriber, 'ready', wait(reconnectTimeoutMs));
  }
}

/** Until `work` is done, or `client` emits `event`. */
async function untilDoneOr(client: Subscriber, event: 'end' | 'ready', work: Promise<void>): Promise<void> {
  let emitted = ignore;
  const emission = new Promise<void>((resolve) => {
    emitted = resolve;
  });
  client.once(event, emitted);
  await Promise.race([work, emission]).finally(() => client.off(event, emitted));
}

/** Tries to connect as `subscriber` does, but no longer than that is open, and does not keep the process alive. */
function standInFor(subscriber: Subscriber, { standInOptions }: ProviderAccess): Subscriber {
  const { socket } = subscriber.options as { socket?: { reconnectStrategy?: ReconnectStrategy | false | number } };
  const strategy = socket?.reconnectStrategy ?? 500;
  const reconnectStrategy: ReconnectStrategy = (retries, cause) =>
    subscriber.isOpen && (typeof strategy === 'function' ? strategy(retries, cause) : strategy);
  const standIn = subscriber.duplicate({ ...standInOptions, socket: { ...socket, reconnectStrategy } });
  standIn.on('error', ignore);
  standIn.unref();
  return standIn;
}

/** Read again until nothing is new: it may have joined channels meanwhile, or left some, which must not come back. */
async function subscribeStandIn(subscriber: Subscriber, standIn: Subscriber): Promise<Map<PubSubType, Listeners>> {
  for (;;) {
    const all = listenersOf(subscriber);
    const covered = [...all].every(([type, listeners]) => {
      const has = standIn.getPubSubListeners(type);
      return [...listeners.keys()].every((channel) => has.has(channel));
    });
    await subscribeAll(standIn, all);
    if (covered) return all;
  }
}

async function swapWithStandIn(
  subscriber: Subscriber,
  standIn: Subscriber,
  connected: Promise<unknown>,
  provider: ProviderAccess,
): Promise<void> {
  await connected;
  const listeners = await subscribeStandIn(subscriber, standIn);
  // Commands of a client that gave up are never answered.
  if (!subscriber.isOpen) return;
  try {
    await unsubscribeAll(subscriber, listeners);
    await Promise.race([provider.authenticateFree(), wait(authTimeoutMs)]);
  } finally {
    await subscribeAgain(subscriber, listeners);
    if (standIn.isOpen) await unsubscribeAll(standIn, listenersOf(standIn));
  }
}

function providerOf(subscriber: SubscriberClient): ProviderAccess {
  const options: { credentialsProvider?: unknown; [v4BindingKey]?: unknown } = subscriber.options ?? {};
  const access = accessOf(options.credentialsProvider) ?? accessOf(options[v4BindingKey]);
  if (access !== undefined) return access;
  throw optionProblem(
    'subscriber',
    'must be a client whose options have entraCredentials(), or are made by withEntra()',
  );
}

/**
 * Gives a RESP2 subscriber, on which AUTH is not possible, the newest token without losing a message: a duplicate
 * subscribes first, then `subscriber` unsubscribes, authenticates in place and subscribes again. Messages of the overlap
 * arrive twice, at most a few. Listeners stay. Subscriptions may change until the duplicate is connected, and not in the few
 * round trips that follow.
 * A RESP3 subscriber needs none of this; one without subscriptions is left alone, and one that is closed meanwhile.
 *
 * Resolves also where no AUTH was accepted within 5 s: the planned reconnect before the token expires follows. Where the
 * subscriber's connection is lost meanwhile and takes more than 5 s to come back, messages may be lost.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for a client without `entraCredentials()` or `withEntra()`; errors of the client.
 */
export async function handOver(subscriber: SubscriberClient): Promise<void> {
  const provider = providerOf(subscriber);
  const client = subscriber as Subscriber;
  if (!client.isPubSubActive || !client.isOpen) return;
  const standIn = standInFor(client, provider);
  const connected = standIn.connect();
  // One that is not registered for each renewal counts, too, as long as it is under way.
  const end = provider.handedOver.has(client) ? ignore : provider.onSubscriberWaits(async () => false);
  try {
    await untilDoneOr(client, 'end', swapWithStandIn(client, standIn, connected, provider));
  } catch (error) {
    if (client.isOpen) throw error;
  } finally {
    end();
    // Not before it is connected: in 4.x and 5.x a socket that is about to connect outlives its client.
    connected
      .catch(ignore)
      .then(() => (standIn.destroy === undefined ? standIn.disconnect?.() : standIn.destroy()))
      .catch(ignore);
  }
}

/** Holds the subscriber weakly, as one that gives up emits no `end`; returns the removal. */
function handOverWhenAsked(provider: ProviderAccess, held: WeakRef<Subscriber>): () => void {
  const remove = provider.onSubscriberWaits(async () => {
    const subscriber = held.deref();
    if (subscriber === undefined) remove();
    // One that is about to reconnect logs in with the newest token.
    if (!subscriber?.isPubSubActive || !subscriber.isReady) return false;
    return await handOver(subscriber).then(
      () => true,
      () => false,
    );
  });
  return remove;
}

/**
 * Hands `subscriber` over at each renewal, by itself, until it is closed or the returned function is called. For RESP2
 * subscribers, the default of 5.x; calling it again changes nothing. A hand-over that fails is left to the planned reconnect before the token expires.
 *
 * @throws EntraRedisError `ERR_INVALID_OPTION` for a client without `entraCredentials()` or `withEntra()`.
 */
export function handOverOnRefresh(subscriber: SubscriberClient): () => void {
  const provider = providerOf(subscriber);
  const already = provider.handedOver.get(subscriber);
  if (already !== undefined) return already;
  const client = subscriber as Subscriber;
  const remove = handOverWhenAsked(provider, new WeakRef(client));
  const stop = (): void => {
    remove();
    client.off('end', stop);
    if (provider.handedOver.get(client) === stop) provider.handedOver.delete(client);
  };
  provider.handedOver.set(client, stop);
  // It also keeps what createClient() returned, a mere view of the client, for as long as the client lives.
  client.once('end', stop);
  return stop;
}
