/** How often something happens, counted by the second. */
export class Rate {
  readonly #bySecond: number[] = [];

  count(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    this.#bySecond[second] = (this.#bySecond[second] ?? 0) + 1;
  }

  /** The most in any `widthSeconds`, per second. */
  peak({ from, to, widthSeconds = 1 }: { from: number; to: number; widthSeconds?: number }): number {
    let inside = 0;
    let most = 0;
    for (let second = Math.floor(from / 1000); second < to / 1000; second += 1) {
      inside += this.#bySecond[second] ?? 0;
      if (second - widthSeconds >= from / 1000) inside -= this.#bySecond[second - widthSeconds] ?? 0;
      most = Math.max(most, inside);
    }
    return most / widthSeconds;
  }

  total({ from, to }: { from: number; to: number }): number {
    let sum = 0;
    for (let second = Math.floor(from / 1000); second < to / 1000; second += 1) sum += this.#bySecond[second] ?? 0;
    return sum;
  }

  /** The highest second of each minute. */
  byMinute(minutes: number): number[] {
    return Array.from({ length: minutes }, (_, minute) =>
      this.peak({ from: minute * 60_000, to: (minute + 1) * 60_000 }),
    );
  }
}
