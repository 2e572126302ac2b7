import type { CommandEffect } from './command-effects.ts';
import type { Command } from '../client/client-internals.ts';

/** What the commands written to one socket make of it, as far as an AUTH in between would do harm. */
export class ConnectionState {
  #inTransaction = false;
  #pendingChanges = 0;
  readonly #onAuthPossible: () => void;

  /** `onAuthPossible` is called when `allowsAuth` turns true, never within a command's own write. */
  constructor(onAuthPossible: () => void) {
    this.#onAuthPossible = onAuthPossible;
  }

  /** Between MULTI and EXEC an AUTH would become a part of the transaction. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** False while a transaction is open, or while it is unknown what the connection is subscribed to. */
  get allowsAuth(): boolean {
    return !this.#inTransaction && this.#pendingChanges === 0;
  }

  observe(command: Command, effect: CommandEffect): void {
    if (effect === 'begin') this.#begin(command);
    else if (effect === 'end') this.#end();
    else if (effect === 'subscriptions') this.#change(command);
  }

  #begin(multi: Command): void {
    if (this.#inTransaction) return;
    this.#inTransaction = true;
    multi.promise.catch(({ message }: Error) => {
      // commandTimeout gave the reply up: the server may be in the transaction all the same.
      if (message === 'Command timed out') return;
      this.#inTransaction = false;
      this.#settle();
    });
  }

  #end(): void {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    // A pipeline is written after its last command was sent: an AUTH sent here would overtake it on the wire.
    queueMicrotask(() => this.#settle());
  }

  #change(subscription: Command): void {
    this.#pendingChanges += 1;
    const settled = (): void => {
      this.#pendingChanges -= 1;
      this.#settle();
    };
    subscription.promise.then(settled, settled);
  }

  #settle(): void {
    if (this.allowsAuth) this.#onAuthPossible();
  }
}
