import { describeError } from '@entra-redis/conformance/kit';
import { isKnownWarning } from './upstream.ts';
import type { Invariant, Violation } from '../protocol.ts';

/** A JWT, or the beginning of one. */
const tokenPattern: RegExp = /eyJ[\w-]{10,}/;
const detailLimit = 2000;

/** Where the parts of the application report what must not be. */
export class Findings {
  readonly #tell: (violation: Violation) => void;
  readonly #told = new Map<Invariant, number>();

  constructor(tell: (violation: Violation) => void) {
    this.#tell = tell;
  }

  violation(invariant: Invariant, detail: string): void {
    const told = (this.#told.get(invariant) ?? 0) + 1;
    this.#told.set(invariant, told);
    // The first of a kind tell enough.
    if (told <= 20) this.#tell({ invariant, detail: detail.replace(tokenPattern, '<token>').slice(0, detailLimit) });
  }

  /** Looks for a token in what a user could read. */
  read(where: string, text: string): void {
    const found = tokenPattern.exec(text);
    if (found === null) return;
    const around = text.slice(Math.max(0, found.index - 200), found.index);
    this.violation('secrets', `${where}: …${around}<here>`);
  }

  /** The run itself did not work. */
  broken(doing: string, error: unknown): void {
    this.violation('recovers', `the application could not ${doing}: ${describeError(error)}`);
  }

  watchProcess(): void {
    process.on('unhandledRejection', (error) => this.violation('rejections', `unhandled: ${describeError(error)}`));
    process.on('uncaughtException', (error) => this.violation('rejections', `uncaught: ${describeError(error)}`));
    process.on('warning', (warning) => {
      const { name, message, stack } = warning;
      if (name !== 'EntraRedisWarning' && !isKnownWarning(warning))
        this.violation('rejections', `warning: ${name}: ${message} ${stack}`);
    });
  }
}
