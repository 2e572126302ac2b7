/** Rejects, saying what did not happen, when `work` takes longer. */
export function withTimeout<T>(ms: number, otherwise: string, work: Promise<T>): Promise<T> {
  return withIdleTimeout(ms, otherwise, () => work);
}

/** As `withTimeout`; the time begins again whenever `work` says that it makes progress. */
export async function withIdleTimeout<T>(
  ms: number,
  otherwise: string,
  work: (onProgress: () => void) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work(() => void (ended || timer?.refresh())), timeout]);
  } finally {
    ended = true;
    clearTimeout(timer);
  }
}
