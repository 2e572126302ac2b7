import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WireEntry } from '@entra-redis/emulator';
import type { Place } from './programs.ts';
import type { World } from './world.ts';
import { atTheEnd } from './write-programs.ts';

const network = fileURLToPath(new URL('azure-network.ts', import.meta.url));
/** A login and two refreshes. */
const loginsWanted = 3;
/** Whoever has not shown it by then will not. */
const limitMs = 40_000;

export interface Ran {
  /** How it ended by itself; undefined: it was ended, as it had shown what it had to. */
  readonly exitCode: number | null | undefined;
  readonly reachedEnd: boolean;
  readonly output: string;
  readonly errors: string;
  /** What went wrong on the wire, and how many logins each connection made that is still open. */
  readonly refused: readonly string[];
  readonly logins: ReadonlyMap<string, number>;
  readonly everLoggedIn: boolean;
  readonly gaveUp: boolean;
  /** For people, when something is wrong. */
  readonly timeline: string;
}

/** Runs a file until it ends, or until each of its connections has been logged in, and has been again at two refreshes. */
export async function runProgram(file: string, place: Place, world: World): Promise<Ran> {
  await using server = await world.start(place);
  const child = fork(file, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', network],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...{ PATH: '/nonexistent', HOME: '/nonexistent', PORT: '0' },
      ...world.env,
      ...server?.env,
      ...(server && { SNIPPET_CACHE_PORT: String(server.port) }),
    },
  });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => (text[stream] += chunk.toString()));
  }
  const state = new Watched(place);
  server?.onEntry((entry) => state.see(entry));
  child.on('message', (message) => state.hear(message));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const limit = AbortSignal.timeout(limitMs);
  limit.addEventListener('abort', () => state.giveUp());
  const exitCode = await Promise.race([exit, state.shown]);
  if (exitCode === undefined) child.kill();
  await exit;
  return {
    exitCode,
    reachedEnd: state.reachedEnd,
    output: text.stdout,
    errors: text.stderr,
    refused: state.refused,
    logins: state.logins,
    everLoggedIn: state.everLoggedIn,
    gaveUp: state.gaveUp,
    timeline: server?.timeline.toText() ?? '',
  };
}

/** What has been seen of a program so far. */
class Watched {
  readonly shown: Promise<undefined>;
  readonly refused: string[] = [];
  readonly logins = new Map<string, number>();
  everLoggedIn = false;
  reachedEnd = false;
  gaveUp = false;
  #show: (value: undefined) => void = () => undefined;
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    this.shown = new Promise((resolve) => {
      this.#show = resolve;
    });
  }

  see({ event, connection, node = '', text }: WireEntry): void {
    const id = `${node}#${connection}`;
    if (event === 'login') this.logins.set(id, (this.logins.get(id) ?? 0) + 1);
    this.everLoggedIn ||= event === 'login';
    // Whoever left in good order owes nothing more.
    if (event === 'close') this.logins.delete(id);
    if (event === 'refused' || event === 'expired') this.refused.push(`${id} ${event} ${text ?? ''}`);
    this.#look();
  }

  hear(message: unknown): void {
    this.reachedEnd ||= message === atTheEnd;
    this.#look();
  }

  giveUp(): void {
    this.gaveUp = true;
    this.#show(undefined);
  }

  #look(): void {
    if (!this.reachedEnd) return;
    if (this.#place === 'alone') return this.#show(undefined);
    if (this.logins.size === 0) return;
    // A token of ElastiCache lives for a quarter of an hour: its refreshes have a test of their own, on a virtual clock.
    const wanted = this.#place === 'elasticache' ? 1 : loginsWanted;
    if ([...this.logins.values()].every((count) => count >= wanted)) this.#show(undefined);
  }
}
