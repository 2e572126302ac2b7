interface Closable {
  close(): Promise<void>;
}

/** What a target has started: ended together, the last one first. */
export class CloseStack {
  #started: Closable[] | undefined = [];

  use<Started extends Closable>(closable: Started): Started {
    if (this.#started === undefined) void closable.close();
    else this.#started.unshift(closable);
    return closable;
  }

  /** All of them, also where one does not close. What is handed to `use` later on is ended at once. */
  async close(): Promise<void> {
    const started = this.#started ?? [];
    this.#started = undefined;
    const failed: unknown[] = [];
    for (const closable of started) await closable.close().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  }
}

/** What `start` makes of its stack; ends those that did start where another one fails. */
export async function withCloseStack<Result>(start: (stack: CloseStack) => Promise<Result>): Promise<Result> {
  const stack = new CloseStack();
  try {
    return await start(stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}
