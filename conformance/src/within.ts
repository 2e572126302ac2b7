/** Rejects, saying what did not happen, when `work` takes longer. */
export function within<T>(ms: number, otherwise: string, work: Promise<T>): Promise<T> {
  return withinEach(ms, otherwise, () => work);
}

/** As `within`; the time begins again whenever `work` says that it makes progress. */
export async function withinEach<T>(
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
