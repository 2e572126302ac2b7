import { splitInline } from '../../../src/resp/inline.ts';
import { plain, RawClient } from '../helpers.ts';

/**
 * What the clients of a script do, one step a line: `SET a "b c"`. In front may stand `@2` (the second client instead of the first),
 * `x3` (it gets three replies, `x0`: none yet). `@2 x1 ...` alone waits for one more reply.
 */
export interface Script {
  readonly name: string;
  readonly steps: readonly string[];
  /** Makes equal what may differ: random order, ports, ages. */
  readonly normalize?: (reply: unknown, step: string) => unknown;
}

export interface Outcome {
  readonly step: string;
  readonly replies: readonly unknown[];
}

interface Step {
  readonly client: number;
  readonly replies: number;
  readonly args: readonly Buffer[];
}

function parseStep(step: string): Step {
  const match = /^(?:@(\d) )?(?:x(\d) )?(.*)$/s.exec(step);
  const args = splitInline(Buffer.from(match?.[3] ?? ''));
  if (args === undefined) throw new Error(`unbalanced quotes in the step ${step}`);
  return {
    client: Number(match?.[1] ?? 1),
    replies: Number(match?.[2] ?? 1),
    args: args[0]?.toString() === '...' ? [] : args,
  };
}

/** Plays a script against a server; every client logs in first, in the given version of RESP. */
export async function replay(port: number, resp: 2 | 3, script: Script): Promise<Outcome[]> {
  const clients = new Map<number, RawClient>();
  const clientFor = async (index: number): Promise<RawClient> => {
    const found = clients.get(index);
    if (found !== undefined) return found;
    const client = new RawClient(port);
    clients.set(index, client);
    await client.call('HELLO', String(resp), 'AUTH', 'default', 'secret');
    return client;
  };
  const outcomes: Outcome[] = [];
  try {
    await (await clientFor(1)).call('FLUSHALL');
    for (const step of script.steps) {
      const { client, replies, args } = parseStep(step);
      const raw = await clientFor(client);
      if (args.length > 0) raw.write(...args);
      const received: unknown[] = [];
      for (let count = 0; count < replies; count++) received.push(plain(await withinTime(raw, step, outcomes)));
      outcomes.push({ step, replies: received.map((reply) => normal(reply, step, port, script)) });
    }
  } finally {
    for (const client of clients.values()) client.close();
    await Promise.all([...clients.values()].map((client) => client.closed));
  }
  return outcomes;
}

/** A reply that never comes fails with the step's name, not with the test's time limit. */
async function withinTime(
  client: RawClient,
  step: string,
  outcomes: readonly Outcome[],
): ReturnType<RawClient['next']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no reply to "${step}" after ${JSON.stringify(outcomes.at(-1), show)}`)),
      3000,
    );
  });
  try {
    return await Promise.race([client.next(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function show(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  return typeof value === 'bigint' ? String(value) : value;
}

function normal(reply: unknown, step: string, port: number, script: Script): unknown {
  const general = hideRandom(reply, port);
  return script.normalize === undefined ? general : script.normalize(general, step);
}

/** Ids that every server makes up, and its port. */
function hideRandom(reply: unknown, port: number): unknown {
  if (typeof reply === 'number') return reply === port ? '<port>' : reply;
  if (typeof reply === 'string') {
    return reply
      .replaceAll(/\b[0-9a-f]{40}\b/g, '<id>')
      .replaceAll(/\b1[5-9]\d{11}-\d+\b/g, '<stream id>')
      .replaceAll(new RegExp(String.raw`\b${port}\b`, 'g'), '<port>');
  }
  if (Array.isArray(reply)) return reply.map((one) => hideRandom(one, port));
  if (reply instanceof Map)
    return new Map([...reply].map(([key, value]) => [hideRandom(key, port), hideRandom(value, port)]));
  if (reply instanceof Set) return new Set([...reply].map((one) => hideRandom(one, port)).sort(byText));
  if (reply !== null && typeof reply === 'object' && 'push' in reply) return { push: hideRandom(reply.push, port) };
  if (reply !== null && typeof reply === 'object' && 'text' in reply)
    return { ...reply, text: hideRandom(reply.text, port) };
  return reply;
}

/** For replies whose order means nothing. */
export function unordered(reply: unknown): unknown {
  return Array.isArray(reply) ? [...reply].sort(byText) : reply;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
