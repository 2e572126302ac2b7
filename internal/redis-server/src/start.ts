import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerArguments, writeArguments } from './arguments.ts';
import { eventually, Progress } from './eventually.ts';
import { type Program, type ServerProcess, theLauncher } from './launcher.ts';
import { redisProgram } from './program.ts';
import { ServerLog } from './server-log.ts';

/**
 * A port for a server to try: it has the port once it listens there, and where it cannot it tries another one. Below those that a
 * system hands out by itself (from 32768 on Linux), so that a server that is killed finds its port free when it starts again.
 */
export const portToTry = (): number => randomInt(16_384, 30_000);

export interface RedisServerOptions extends ServerArguments {
  /** The program. Default: the variable REDIS_SERVER, then redis-server or valkey-server on PATH. */
  program?: string;
  /** Is told what the server writes, and decides how long to wait for it. Default: of its own. */
  progress?: Progress;
  /** The port to try next. Default: one at random that no system hands out by itself. */
  choosePort?: () => number;
}

/** A real server of its own process, on loopback, with its data in a temporary folder. */
export interface RedisServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `cluster`: where the nodes talk to each other. */
  readonly busPort?: number;
  /** What a client needs to trust it. */
  readonly tls?: { readonly ca: string; readonly servername: string };
  /** `7.0.15`. */
  readonly version: string;
  readonly pid: number;
  /** Resolves when its process is gone, also by itself. */
  readonly gone: Promise<void>;
  /** Stops the process where it stands; connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Kills it. `restart` starts it again. */
  kill(): Promise<void>;
  /** Kills it where it runs, and starts it on the same port, without its data. Resolves when it accepts connections. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
const attempts = 10;
/** What the last of its parts writes when it accepts connections; a sentinel says something else. */
const ready = /Ready to accept connections|Sentinel ID is/;

/** Somebody else listens there. */
class PortTaken extends Error {}

/**
 * Starts a redis-server that accepts connections and keeps nothing on disk. It ends with `close`, and with this process however that
 * ends. One that is late is awaited as long as its log goes on. Rejects with a sentence that says what to do where there is no
 * redis-server or it does not start.
 */
export function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  return untilItHasAPort(() => startOnce(options));
}

/** A redis-server cannot be given any free port: it tries one, and where that is taken, `start` is called again. */
async function untilItHasAPort<Result>(start: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
    }
  }
}

async function startOnce(options: RedisServerOptions): Promise<RedisServer> {
  const { choosePort = portToTry, progress = new Progress(), tls } = options;
  const program = redisProgram(options.program);
  const [port, busPort] = [choosePort(), options.cluster && choosePort()];
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-server-'));
  const args = await writeArguments({ host, port, busPort, folder }, options);
  const server = new ServerLives({ program, args, folder }, port);
  const version = await server.start(progress).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const close = (): Promise<void> => server.close();
  return {
    ...{ host, port, version, close },
    ...(busPort !== undefined && { busPort }),
    ...(tls && { tls: { ca: tls.ca, servername: 'localhost' } }),
    get pid() {
      return server.process?.pid ?? 0;
    },
    get gone() {
      return server.process?.gone ?? Promise.resolve();
    },
    pause: () => server.process?.signal('SIGSTOP'),
    resume: () => server.process?.signal('SIGCONT'),
    kill: async () => server.process?.kill(),
    restart: () => server.restart(progress.patienceMs),
    [Symbol.asyncDispose]: close,
  };
}

/** The same program in the same place, which may be killed and start again. */
class ServerLives {
  process: ServerProcess | undefined;
  readonly #program: Program;
  readonly #port: number;
  #closing: Promise<void> | undefined;

  constructor(program: Program, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /** Resolves with its version when it accepts connections. */
  async start(progress: Progress): Promise<string> {
    const name = `${this.#program.program} on port ${this.#port}`;
    const log = new ServerLog((line) => progress.add(name, line));
    const process = await theLauncher().start(this.#program, (text) => log.add(text));
    this.process = process;
    if (this.#closing !== undefined) await process.kill();
    try {
      await eventually('it accepts connections', progress, async () => {
        if (process.ended) throw new Error('it ended at once');
        return log.find(ready);
      });
    } catch (cause) {
      await process.kill();
      const Refusal = log.find(/address already in use/i) ? PortTaken : Error;
      throw new Refusal(`${name} did not start: ${log.lastWords || String(cause)}`, { cause });
    }
    return log.find(/(?:Redis|Valkey) version=([^,\s]+)/)?.[1] ?? 'unknown';
  }

  async restart(patienceMs: number): Promise<void> {
    await this.process?.kill();
    if (this.#closing !== undefined) return;
    await untilItHasAPort(() => this.start(new Progress({ patienceMs })));
  }

  close(): Promise<void> {
    this.#closing ??= this.#remove();
    return this.#closing;
  }

  async #remove(): Promise<void> {
    await this.process?.kill();
    await rm(this.#program.folder, { recursive: true, force: true });
    theLauncher().forget(this.#program.folder);
  }
}
