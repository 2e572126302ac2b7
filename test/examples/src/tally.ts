const requestTimeoutMs = 5000;

/** What the load on an application did: how often each thing went well, and what did not. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly failures: string[] = [];

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  fail(what: unknown): void {
    this.failures.push(
      what instanceof Error ? `${what.message}${what.cause ? ` (${String(what.cause)})` : ''}` : String(what),
    );
  }
}

/** A load that is on until it is stopped. */
export interface Load {
  /** Ends when everything that is under way has been answered. */
  stop(): Promise<void>;
}

/** Repeats a step on several lanes at once, with a pause in between: rotations are to be seen here, not throughput. */
export function repeat(
  tally: Tally,
  step: (lane: string, round: number) => Promise<void>,
  { lanes = 4, pauseMs = 20 }: { lanes?: number; pauseMs?: number } = {},
): Load {
  const stopping = new AbortController();
  const loops = Array.from({ length: lanes }, async (_, index) => {
    for (let round = 1; !stopping.signal.aborted; round += 1) {
      await step(`lane-${index + 1}`, round).catch((error: unknown) => tally.fail(error));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  });
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** Throws where the answer has another status. */
export async function ask(url: string, init: RequestInit = {}, status = 200): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
  if (response.status !== status) throw new Error(`${init.method ?? 'GET'} ${url}: status ${response.status}`);
  return response;
}

export function assertSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}
