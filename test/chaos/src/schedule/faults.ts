import type { CacheFault, EntraFault } from '@entra-redis/emulator';
import type { Topology } from '@entra-redis/conformance';
import { type Misleading, misleadingInStorms } from './misleading.ts';

/** One thing that goes wrong. Plain data: a schedule can be printed, kept and repeated. */
export type Fault =
  | { readonly kind: 'cut' /** Of the live connections, 0 to 1. */; readonly share: number }
  | { readonly kind: 'wire'; readonly match: readonly string[]; readonly times: number; readonly action: WireAction }
  | { readonly kind: 'refuse' /** Logins. */; readonly times: number }
  /** A re-AUTH of so many connections is never answered, nor is anything after it. */
  | { readonly kind: 'unanswered-auth'; readonly connections: number }
  | { readonly kind: 'provider'; readonly fault: EntraFault; readonly times: number }
  | { readonly kind: 'provider-down'; readonly forMs: number }
  | { readonly kind: Misleading; readonly forMs: number }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  /** The user changes host and port of live clients. */
  | { readonly kind: 'options-changed' }
  | { readonly kind: 'process-pause'; readonly forMs: number }
  | { readonly kind: 'server-pause'; readonly server: number; readonly forMs: number }
  | {
      readonly kind: 'server-restart';
      readonly server: number /** How long nobody listens. */;
      readonly downMs: number;
    }
  | { readonly kind: 'failover' }
  | { readonly kind: 'move-slot'; readonly slot: number };
type WireAction = Exclude<CacheFault['action'], { kind: 'hang' }>;

export interface Step {
  /** From the start of the storm. */
  readonly atMs: number;
  readonly fault: Fault;
}

export interface Dice {
  /** In [0, 1). */
  random(): number;
  /** A whole number from `low` to `high`. */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
}

export function diceOf(random: () => number): Dice {
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return { random, between, pick: (from) => from[between(0, from.length - 1)] as never };
}

interface Maker {
  readonly weight: number;
  /** Default: all. */
  readonly topologies?: readonly Topology[];
  /** The client's user can change the address of a live client, and the target has another one. */
  readonly movable?: true;
  make(dice: Dice): Fault;
}

const logins = ['AUTH', 'HELLO'];
const anyCommand = [...logins, ...'GET SET MULTI EXEC ECHO BLPOP XREAD SUBSCRIBE PUBLISH CLIENT CLUSTER'.split(' ')];
/** Those of which no load makes a part of a transaction: the gate would answer in the server's place, and the transaction would not know. */
const lonelyCommands = [...logins, 'ECHO', 'BLPOP', 'XREAD', 'XADD', 'PUBLISH'];

/** What can go wrong, and how often it does beside the others. */
export const makers: readonly Maker[] = [
  { weight: 4, make: (dice) => ({ kind: 'cut', share: dice.pick([0.2, 0.5, 1]) }) },
  {
    weight: 6,
    make: (dice) => ({
      kind: 'wire',
      match: dice.pick([logins, anyCommand]),
      times: dice.between(1, 4),
      action: action(dice),
    }),
  },
  {
    weight: 1,
    make: (dice) => ({
      kind: 'wire',
      match: dice.pick([logins, lonelyCommands]),
      times: dice.between(1, 4),
      action: loading,
    }),
  },
  { weight: 2, make: (dice) => ({ kind: 'refuse', times: dice.between(1, 4) }) },
  {
    weight: 4,
    make: (dice) => ({ kind: 'provider', fault: providerFault(dice), times: dice.between(1, 3) }),
  },
  { weight: 2, make: (dice) => ({ kind: 'unanswered-auth', connections: dice.between(1, 3) }) },
  { weight: 2, make: (dice) => ({ kind: dice.pick(misleadingInStorms), forMs: dice.between(2000, 8000) }) },
  { weight: 2, movable: true, make: () => ({ kind: 'options-changed' }) },
  { weight: 1, make: (dice) => ({ kind: 'provider-down', forMs: dice.between(500, 6000) }) },
  {
    weight: 1,
    make: (dice) => ({ kind: 'clock-jump', byMs: dice.pick([1500, 30_000, 3_600_000, -1500, -30_000, -3_600_000]) }),
  },
  { weight: 1, make: (dice) => ({ kind: 'process-pause', forMs: dice.between(100, 2500) }) },
  { weight: 1, make: (dice) => ({ kind: 'server-pause', server: dice.between(0, 5), forMs: dice.between(100, 2000) }) },
  {
    weight: 1,
    make: (dice) => ({ kind: 'server-restart', server: dice.between(0, 5), downMs: dice.between(0, 1500) }),
  },
  { weight: 2, topologies: ['cluster', 'sentinel'], make: () => ({ kind: 'failover' }) },
  { weight: 2, topologies: ['cluster'], make: (dice) => ({ kind: 'move-slot', slot: dice.between(0, 16_383) }) },
];

const loading: WireAction = { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' };

function action(dice: Dice): WireAction {
  return dice.pick<() => WireAction>([
    () => ({ kind: 'cut' }),
    () => ({ kind: 'cut', after: true }),
    () => ({ kind: 'delay', delayMs: dice.between(20, 800) }),
    () => ({ kind: 'truncate', bytes: dice.between(1, 12) }),
  ])();
}

function providerFault(dice: Dice): EntraFault {
  return dice.pick<() => EntraFault>([
    () => ({ kind: 'status', status: 429, retryAfterSeconds: 1 }),
    () => ({ kind: 'status', status: 503 }),
    () => ({ kind: 'hang' }),
    () => ({ kind: 'reset' }),
    () => ({ kind: 'malformed' }),
    () => ({ kind: 'delay', delayMs: dice.between(50, 900) }),
  ])();
}
