import type { Lane } from './clients.ts';

/** What one client did so far. */
export interface Tally {
  commands: number;
  failed: number;
  published: number;
  received: number;
  lost: number;
  cuts: { commands: number; subscriber: number };
  firstError?: string;
}

/** Runs commands and publishes numbered messages until `stop` is called, then waits for the messages on their way. */
export class Workload {
  readonly tally: Tally = {
    commands: 0,
    failed: 0,
    published: 0,
    received: 0,
    lost: 0,
    cuts: { commands: 0, subscriber: 0 },
  };
  #running = true;
  #seen = new Set<number>();
  #arrived: (() => void) | undefined;
  readonly #lane: Lane;
  #loop: Promise<void> = Promise.resolve();

  constructor(lane: Lane) {
    this.#lane = lane;
    lane.onCut((role) => {
      if (this.#running) this.tally.cuts[role] += 1;
    });
  }

  async start(): Promise<void> {
    await this.#lane.subscribe((message) => this.#receive(Number(message)));
    this.#loop = this.#run();
  }

  /** Ends the loop; messages that have not arrived after `graceMs` are lost. */
  async stop(graceMs = 2000): Promise<void> {
    this.#running = false;
    await this.#loop;
    if (this.#seen.size < this.tally.published) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.tally.lost = this.tally.published - this.#seen.size;
  }

  #receive(sequence: number): void {
    this.#seen.add(sequence);
    this.tally.received = this.#seen.size;
    if (!this.#running && this.#seen.size === this.tally.published) this.#arrived?.();
  }

  async #run(): Promise<void> {
    for (let sequence = 0; this.#running; sequence += 1) {
      await this.#count(async () => {
        const value = String(sequence);
        await this.#lane.set('demo', value);
        const found = await this.#lane.get('demo');
        if (found !== value) throw new Error(`GET answered ${String(found)} after SET ${value}`);
      }, 2);
      await this.#count(async () => {
        await this.#lane.publish(String(sequence));
        this.tally.published += 1;
      }, 1);
    }
  }

  async #count(step: () => Promise<void>, commands: number): Promise<void> {
    try {
      await step();
      this.tally.commands += commands;
    } catch (error) {
      this.tally.failed += 1;
      this.tally.firstError ??= error instanceof Error ? error.message : String(error);
    }
    // Some air between the rounds: the demo shows rotations, not throughput.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
