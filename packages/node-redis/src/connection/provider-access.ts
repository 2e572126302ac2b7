/**
 * How the other functions of this package reach a provider that another evaluation, or another release, of it may have made.
 * A contract between releases: its version changes with what is reached.
 */
export const providerAccessKey: unique symbol = Symbol.for('@entra-redis/node-redis/provider/1') as never;

/** Where the options of a client of 4.x hold what a provider is for 5.x; a contract, too. */
export const v4BindingKey: unique symbol = Symbol.for('@entra-redis/node-redis/v4-binding/1') as never;

export interface ProviderAccess {
  readonly allowsPlainText: boolean;
  /** Sends the AUTHs that wait on connections that are free by now; resolves when they settled. */
  authenticateFree(): Promise<void>;
  /** Calls `handOver` when a RESP2 subscriber of this provider waits for a new token; it answers whether it did. Returns its removal. */
  onSubscriberWaits(handOver: () => Promise<boolean>): () => void;
  /** Options that make a duplicate known as the stand-in of a subscriber that is handed over. */
  readonly standInOptions: object;
  /** The subscribers that are handed over at each renewal, and how to stop it. */
  readonly handedOver: WeakMap<object, () => void>;
}

/** Also of a deep copy of a provider, whose functions are the same. */
export function accessOf(provider: unknown): ProviderAccess | undefined {
  if (typeof provider !== 'object' || provider === null) return undefined;
  const { [providerAccessKey]: own, subscribe } = provider as Holder & { subscribe?: Holder };
  return own ?? subscribe?.[providerAccessKey];
}

interface Holder {
  readonly [providerAccessKey]?: ProviderAccess;
}
