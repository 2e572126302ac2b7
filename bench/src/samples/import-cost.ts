export interface ImportOptions {
  readonly url: string;
  readonly what: 'time' | 'rss';
  /** Imported before, and not counted: the client that an adapter is for. */
  readonly before?: string;
}

/** Cost of importing a module into a process: milliseconds, or KiB of resident memory. */
export async function importCost({ url, what, before }: ImportOptions): Promise<number> {
  if (before !== undefined) await import(before);
  const rss = process.memoryUsage().rss;
  const startedAt = performance.now();
  await import(url);
  return what === 'time' ? performance.now() - startedAt : (process.memoryUsage().rss - rss) / 1024;
}
