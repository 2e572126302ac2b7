import type { Footprint } from '../protocol.ts';

/** What the run itself leaves behind: texts of errors, compiled code. */
const heapSlackBytes = 12 * 1024 * 1024;

/** What an application that has closed everything still holds beyond what it held before. */
export function footprintProblems({
  before,
  after,
}: {
  readonly before: Footprint;
  readonly after: Footprint;
}): string[] {
  const problems: string[] = [];
  for (const [name, count] of Object.entries(after.resources)) {
    const former = before.resources[name] ?? 0;
    if (count > former) problems.push(`${count} ${name}, ${former} before`);
  }
  if (after.clients > 0) problems.push(`${after.clients} closed clients are still in memory`);
  const grown = after.heapBytes - before.heapBytes;
  if (grown > heapSlackBytes) problems.push(`the heap has grown by ${grown} bytes`);
  return problems;
}
