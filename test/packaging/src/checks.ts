import { availableParallelism } from 'node:os';
import { CommandFailed, Problem } from '../../../scripts/run.ts';

export interface Check {
  readonly name: string;
  /** What a success proves: a way to load and run the packages, with these clients. */
  readonly proves?: Proof;
  run(): Promise<void>;
}

export interface Proof {
  /** Such as "TypeScript 5.4, node10". */
  readonly way: string;
  readonly clients: readonly string[];
}

/** Runs checks phase by phase, says how each phase went, and counts. */
export class Checks {
  passed = 0;
  failed = 0;
  /** Whether it works, by way and client: false after one failure. */
  readonly proved = new Map<string, Map<string, boolean>>();
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void = console.log, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
    this.#startedAt = now();
  }

  /** All checks of a phase run, some at a time, also after one failed. */
  async phase(name: string, checks: readonly Check[], atATime: number = availableParallelism()): Promise<void> {
    if (checks.length === 0) return;
    const startedAt = this.#now();
    const waiting = [...checks];
    let failed = 0;
    const worker = async (): Promise<void> => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
        if (!(await this.#one(check))) failed += 1;
      }
    };
    await Promise.all(Array.from({ length: atATime }, worker));
    const outcome = failed === 0 ? `${checks.length} passed` : `${failed} of ${checks.length} failed`;
    this.#say(`${failed === 0 ? '✓' : '✗'} ${name}: ${outcome} in ${this.#since(startedAt)}`);
  }

  /** A phase that the next ones build on: throws where it fails. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = this.#now();
    try {
      const result = await work();
      this.passed += 1;
      this.#say(`✓ ${name} in ${this.#since(startedAt)}`);
      return result;
    } catch (error) {
      this.failed += 1;
      this.#say(`✗ ${name}: ${describe(error)}`);
      throw new Stop();
    }
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }

  elapsed(): string {
    return this.#since(this.#startedAt);
  }

  async #one(check: Check): Promise<boolean> {
    try {
      await check.run();
      this.passed += 1;
      this.#prove(check, true);
      return true;
    } catch (error) {
      this.failed += 1;
      this.#prove(check, false);
      this.#say(`✗ ${check.name}\n${describe(error).replace(/^/gm, '    ')}`);
      return false;
    }
  }

  #prove({ proves }: Check, works: boolean): void {
    if (proves === undefined) return;
    const clients = this.proved.get(proves.way) ?? new Map<string, boolean>();
    for (const client of proves.clients) clients.set(client, works && clients.get(client) !== false);
    this.proved.set(proves.way, clients);
  }

  #since(instant: number): string {
    return `${((this.#now() - instant) / 1000).toFixed(1)} s`;
  }
}

/** The failure has been said; nothing after it makes sense. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

function describe(error: unknown): string {
  if (error instanceof Problem || error instanceof CommandFailed) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
