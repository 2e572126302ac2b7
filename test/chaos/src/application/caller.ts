import type { Session } from '@entra-redis/conformance';
import { describeError } from '@entra-redis/conformance/driver-kit';
import type { Findings } from './findings.ts';
import type { Pending } from './pending.ts';

/** What all callers of an application share. */
export interface Ledger {
  readonly findings: Findings;
  readonly pending: Pending;
  /** What commands failed with, by text. */
  readonly errors: Map<string, number>;
  failed: number;
  /** From here on (a count of `pending.asked`) nothing may fail. */
  strictFrom: number;
}

/** Texts of errors that are kept apart. */
const errorKinds = 60;

/** Commands of one session, each of them followed until it has settled. */
export class Caller {
  readonly name: string;
  readonly session: Session;
  /** Commands that were answered, and messages that arrived. */
  answered = 0;
  readonly #ledger: Ledger;
  #closing = false;

  constructor(name: string, session: Session, ledger: Ledger) {
    this.name = name;
    this.session = session;
    this.#ledger = ledger;
  }

  /** Undefined where it failed. */
  async ask<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    const { pending } = this.#ledger;
    const tracked = pending.track(`${this.name}: ${what}`, work());
    const number = pending.asked;
    try {
      const reply = await tracked;
      this.answered += 1;
      return reply;
    } catch (error) {
      this.#failed(what, number, error);
      return undefined;
    }
  }

  /** A reply that is not this command's. */
  mismatch(what: string, reply: unknown): void {
    this.#ledger.findings.violation('matches', `${this.name}: ${what} was answered ${JSON.stringify(reply)}`);
  }

  /** Reads, for secrets, what the client has told its user since the last time. */
  readErrors(): void {
    // Kept by the driver for scenarios, which are short.
    const errors = (this.session.errors as string[]).splice(0);
    for (const error of errors) this.#ledger.findings.read(`an error event of ${this.name}`, error);
  }

  async close(way?: string): Promise<void> {
    this.#closing = true;
    // An orderly end that waits behind a blocking command for longer than a token lives is refused: then the abrupt one.
    await this.session.close(way).catch(() => this.session.close());
    this.readErrors();
  }

  #failed(what: string, number: number, error: unknown): void {
    const { errors, findings, strictFrom } = this.#ledger;
    const text = kindOf(error);
    const known = errors.get(text) ?? 0;
    if (known > 0 || errors.size < errorKinds) errors.set(text, known + 1);
    this.#ledger.failed += 1;
    // Describing one in full takes long; the first ones of a kind show all that it holds.
    if (known < 5) findings.read(`an error of ${this.name}`, describeError(error));
    if (number > strictFrom && !this.#closing) findings.violation('calm', `${this.name}: ${what} failed: ${text}`);
  }
}

/** An error's text without what differs from one to the next. */
function kindOf(error: unknown): string {
  const { name, message, code } = (error ?? {}) as { name?: string; message?: string; code?: string };
  return `${code ?? name ?? 'Error'}: ${(message ?? String(error)).replace(/\d+/g, 'N').slice(0, 120)}`;
}
