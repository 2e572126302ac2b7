import {
  createTokenManager,
  type EntraRedisError,
  type TokenEvent,
  type TokenManager,
  type TokenManagerOptions,
} from '../../src/index.ts';
import { ScriptedProvider, TestClock } from '../../src/testing.ts';

export const second = 1000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;
/** When a token of an hour is renewed first: half-way between a tenth and 0.7 of its life, with the draws of the test clock. */
export const firstRenewal: number = 24 * minute;

type EventOf<T extends TokenEvent['type']> = Extract<TokenEvent, { type: T }>;

export interface Bench {
  readonly clock: TestClock;
  readonly provider: ScriptedProvider;
  readonly manager: TokenManager;
  readonly events: TokenEvent[];
  readonly types: () => string[];
  readonly of: <T extends TokenEvent['type']>(type: T) => EventOf<T>[];
  /** The times between requests, ms. */
  readonly gaps: () => number[];
}

/** A manager on a virtual clock, with a provider that follows a script and then issues fresh tokens. */
export function bench(
  provided: ConstructorParameters<typeof ScriptedProvider>[1] = {},
  options: TokenManagerOptions = {},
): Bench {
  const clock = new TestClock();
  const provider = new ScriptedProvider(clock, provided);
  const manager = createTokenManager(provider, { clock, ...options });
  const events: TokenEvent[] = [];
  manager.subscribe((event) => events.push(event));
  return {
    clock,
    provider,
    manager,
    events,
    types: () => events.map(({ type }) => type),
    of: <T extends TokenEvent['type']>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
    gaps: () => provider.requests.slice(1).map(({ at }, i) => at - (provider.requests[i]?.at ?? 0)),
  };
}

/** What a promise has ended with so far, without waiting for it. */
export interface Outcome<T> {
  value?: T;
  error?: EntraRedisError;
}

export function outcome<T>(promise: Promise<T>): Outcome<T> {
  const found: Outcome<T> = {};
  promise.then(
    (value) => {
      found.value = value;
    },
    (error: EntraRedisError) => {
      found.error = error;
    },
  );
  return found;
}
