interface Part {
  close(): Promise<void>;
}

/** What a target has started: ended together, the last one first. */
export class Parts {
  #started: Part[] | undefined = [];

  use<Started extends Part>(part: Started): Started {
    if (this.#started === undefined) void part.close();
    else this.#started.unshift(part);
    return part;
  }

  /** What is handed to `use` later on is ended at once. */
  async close(): Promise<void> {
    const started = this.#started ?? [];
    this.#started = undefined;
    for (const part of started) await part.close();
  }
}

/** What `start` makes of its parts; ends those that did start where another one fails. */
export async function startParts<Result>(start: (parts: Parts) => Promise<Result>): Promise<Result> {
  const parts = new Parts();
  try {
    return await start(parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}
