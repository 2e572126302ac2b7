import { onTestFailed } from 'vitest';
import { splitInline } from '../../../src/resp/inline.ts';
import { plain, RawClient } from '../helpers.ts';

/**
 * What the clients of a script do, one step a line: `SET a "b c"`. In front may stand `@2` (the second client instead of the first),
 * `x3` (it gets three replies, `x0`: none yet; where another client is next, it blocks). `@2 x1 ...` alone waits for one more reply.
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
  readonly text: string;
  readonly client: number;
  readonly replies: number;
  readonly args: readonly Buffer[];
}

function parseStep(text: string): Step {
  const match = /^(?:@(\d) )?(?:x(\d) )?(.*)$/s.exec(text);
  const args = splitInline(Buffer.from(match?.[3] ?? ''));
  if (args === undefined) throw new Error(`unbalanced quotes in the step ${text}`);
  return {
    text,
    client: Number(match?.[1] ?? 1),
    replies: Number(match?.[2] ?? 1),
    args: args[0]?.toString() === '...' ? [] : args,
  };
}

/** Steps of one client up to the next client's. */
function turnsOf(steps: readonly Step[]): Step[][] {
  const turns: Step[][] = [];
  for (const step of steps) {
    const turn = turns.at(-1);
    if (turn?.[0]?.client === step.client) turn.push(step);
    else turns.push([step]);
  }
  return turns;
}

interface Client {
  readonly raw: RawClient;
  /** Its CLIENT ID. */
  readonly id: number;
}

async function logIn(port: number, resp: 2 | 3): Promise<Client> {
  const raw = new RawClient(port);
  const hello = plain(await raw.call('HELLO', String(resp), 'AUTH', 'default', 'secret'));
  const fields = hello instanceof Map ? [...hello].flat() : (hello as unknown[]);
  return { raw, id: Number(fields[fields.indexOf('id') + 1]) };
}

/** A server that scripts are played against. */
export interface Server {
  readonly port: number;
  /** Forgets all keys. */
  empty(): Promise<void>;
  /** Resolves when the connection with this CLIENT ID waits in a blocking command. */
  untilBlocked(id: number): Promise<void>;
}

/**
 * Plays a script against a server; every client logs in first, in the given version of RESP. What a client sends in one turn goes
 * out in one write; the next client's turn comes when the server has answered all of it, or says that the client is blocked.
 */
export async function replay(server: Server, resp: 2 | 3, script: Script): Promise<Outcome[]> {
  const { port } = server;
  const clients = new Map<number, Client>();
  const clientFor = async (index: number): Promise<Client> => {
    const client = clients.get(index) ?? (await logIn(port, resp));
    clients.set(index, client);
    return client;
  };
  const outcomes: Outcome[] = [];
  let waitsFor = 'the first login';
  onTestFailed(() => console.error(`"${script.name}" of port ${port} was at: ${waitsFor}`));
  try {
    await server.empty();
    for (const turn of turnsOf(script.steps.map(parseStep))) {
      const { raw, id } = await clientFor(turn[0]?.client ?? 1);
      raw.socket.cork();
      for (const { args } of turn) if (args.length > 0) raw.write(...args);
      raw.socket.uncork();
      for (const { text, replies } of turn) {
        waitsFor = text;
        const received: unknown[] = [];
        for (let count = 0; count < replies; count++) received.push(plain(await raw.next()));
        outcomes.push({ step: text, replies: received.map((reply) => normal(reply, text, port, script)) });
      }
      if (turn.at(-1)?.replies === 0) await server.untilBlocked(id);
    }
  } finally {
    for (const { raw } of clients.values()) raw.close();
    await Promise.all([...clients.values()].map(({ raw }) => raw.closed));
  }
  return outcomes;
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
      .replace(/(HELP\.) \(the fake cache knows few commands: .*\)$/, '$1')
      .replace(/\(the fake cache knows few commands: .*\)$/, '')
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

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
