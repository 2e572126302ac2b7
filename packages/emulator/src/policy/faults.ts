import type { CacheFault, Faults } from '../types.ts';

/** The pseudo command that a fault matches when a client connects. */
export const CONNECT = 'CONNECT';

interface Active {
  readonly fault: CacheFault;
  left: number;
}

/** Faults for several gates: see `GateOptions.faults`. */
export function createFaults(): Faults {
  return new FaultList();
}

/** Faults that wait for what they match, first come first served. */
export class FaultList implements Faults {
  #active: Active[] = [];

  fault(fault: CacheFault): void {
    const times = fault.times ?? 1;
    if (!(times > 0)) throw new RangeError(`fault.times must be positive: ${times}`);
    this.#active.push({ fault, left: times });
  }

  get empty(): boolean {
    return this.#active.length === 0;
  }

  heal(): void {
    this.#active = [];
  }

  /** The fault that this command (its words, upper case) of this connection meets, used up once. */
  take(connection: number, words: readonly string[]): CacheFault['action'] | undefined {
    if (this.#active.length === 0) return undefined;
    const found = this.#active.find(({ fault }) => matches(fault, connection, words));
    if (found === undefined) return undefined;
    found.left--;
    if (found.left <= 0) this.#active = this.#active.filter((active) => active !== found);
    return found.fault.action;
  }
}

function matches(fault: CacheFault, connection: number, words: readonly string[]): boolean {
  if (fault.connection !== undefined && fault.connection !== connection) return false;
  const [name = '', sub = ''] = words;
  // Without `match` a fault is for commands, not for connecting.
  if (fault.match === undefined) return name !== CONNECT;
  const wanted = typeof fault.match === 'string' ? [fault.match] : fault.match;
  return wanted.some((match) => match.toUpperCase() === name || match.toUpperCase() === `${name} ${sub}`);
}
