import type { Target } from '@entra-redis/conformance';
import type { WireWatch } from '../judge/wire-watch.ts';
import type { Counts, Footprint, Violation } from '../protocol.ts';

export interface RoundOptions {
  readonly client: string;
  readonly target: Target;
  readonly seed: number;
  readonly seconds: number;
  /** Whether the client's user can change the address of a live client, and the target has another one. */
  readonly movable: boolean;
  /** Rules are broken on purpose: see `judge/sabotage.ts`. */
  readonly sabotage?: boolean;
  onStep?(line: string): void;
}

export interface RoundResult {
  readonly client: string;
  readonly target: string;
  readonly seed: number;
  readonly lifetimeMs: number;
  readonly seconds: number;
  /** Each with all that it brought. */
  readonly storms: readonly { readonly faults: number; readonly recoveredMs: number }[];
  /** How often each kind of fault came. */
  readonly faults: Readonly<Record<string, number>>;
  readonly couldNot: number;
  /** What misled the adapter in calms, how often. */
  readonly calms: Readonly<Record<string, number>>;
  /** Calms that were repeated: something failed while one of the processes stood still for a tenth of a token's life. */
  readonly heldUp: number;
  readonly wire: WireWatch['counts'];
  readonly counts: Counts | undefined;
  readonly footprint: { readonly before: Footprint; readonly after: Footprint } | undefined;
  readonly violations: readonly Violation[];
  /** What the client does wrong by itself. */
  readonly upstream: readonly Violation[];
  /** The end of the wire timeline when the first violation was found, and the last faults before it. */
  readonly trace: string | undefined;
  readonly lastSteps: readonly string[];
}
