import { type Clock, systemClock } from '@entra-redis/token-manager';

/** A clock that can be set, as a machine's can; timers, and the clock that never jumps, go on. */
export class ShiftedClock implements Clock {
  aheadMs = 0;

  now(): number {
    return systemClock.now() + this.aheadMs;
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    return systemClock.schedule(delayMs, callback);
  }

  random(): number {
    return systemClock.random();
  }
}

/** The same for all that runs in this process: for adapters that take no clock. */
export function shiftedProcessClock(): ShiftedClock {
  const clock = new ShiftedClock();
  Date.now = () => clock.now();
  return clock;
}
