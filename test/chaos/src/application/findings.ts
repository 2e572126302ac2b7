import { describeError } from '@entra-redis/conformance/driver-kit';
import { withoutTokens } from '@entra-redis/token-manager';
import { isKnownWarning } from './workarounds.ts';
import type { Invariant, Violation } from '../protocol.ts';

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
    if (told <= 20) this.#tell({ invariant, detail: withoutTokens(detail).slice(0, detailLimit) });
  }

  /** Looks for a token in what a user could read. */
  read(where: string, text: string): void {
    const clean = withoutTokens(text);
    if (clean === text) return;
    let at = 0;
    while (clean[at] === text[at]) at += 1;
    const around = clean.slice(Math.max(0, at - 200), at);
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
