import { type Clock, systemClock } from '@entra-redis/token-manager';

/** The machine's clock, whose hands somebody turns. */
export class JumpingClock implements Clock {
  #aheadMs = 0;

  jump(byMs: number): void {
    this.#aheadMs += byMs;
  }

  set(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  now(): number {
    return systemClock.now() + this.#aheadMs;
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  random(): number {
    return systemClock.random();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    return systemClock.schedule(delayMs, callback);
  }
}
