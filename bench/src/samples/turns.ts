/** The longest turn of the event loop until it is asked, ms. */
export function watchTurns(): () => number {
  let longest = 0;
  let lastAt = performance.now();
  let isWatching = true;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - lastAt);
    lastAt = now;
    if (isWatching) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    isWatching = false;
    return longest;
  };
}
