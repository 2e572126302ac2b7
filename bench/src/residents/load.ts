import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Latencies, ms. */
export interface Latencies {
  readonly commands: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** CPU time of the longest turn of the event loop: unlike latencies, the same on a machine that is busy with something else. */
  readonly longestTurn: number;
}

const everyMs = 2;
const atOnce = 2;

/**
 * A thousand commands a second, each on another connection, until `until` settles. A command's latency counts from the instant at
 * which it was due: an event loop that is busy with something else delays it as much as a slow reply.
 */
export async function load(send: (index: number) => Promise<unknown>, until: Promise<unknown>): Promise<Latencies> {
  const histogram = createHistogram();
  const open: Promise<void>[] = [];
  let endedAt = Infinity;
  const ending = until.finally(() => {
    endedAt = performance.now();
  });
  let index = 0;
  let longestTurn = 0;
  let cpu = threadCpuMs();
  for (let dueAt = performance.now(); dueAt <= endedAt; ) {
    for (; dueAt <= Math.min(performance.now(), endedAt); dueAt += everyMs) {
      open.push(...issue(send, index, dueAt, histogram));
      index += atOnce;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, dueAt - performance.now())));
    const now = threadCpuMs();
    longestTurn = Math.max(longestTurn, now - cpu);
    cpu = now;
  }
  await ending;
  await Promise.all(open);
  const ms = (nanoseconds: number): number => nanoseconds / 1e6;
  return {
    commands: histogram.count,
    p50: ms(histogram.percentile(50)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
    longestTurn,
  };
}

/** Of this thread alone, where Node tells (23.9 and later). */
function threadCpuMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: (this: void) => NodeJS.CpuUsage };
  const { user, system } = threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

function issue(
  send: (index: number) => Promise<unknown>,
  index: number,
  dueAt: number,
  histogram: RecordableHistogram,
): Promise<void>[] {
  return Array.from({ length: atOnce }, async (_, offset) => {
    await send(index + offset);
    histogram.record(Math.max(1, Math.round((performance.now() - dueAt) * 1e6)));
  });
}
