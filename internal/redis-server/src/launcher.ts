import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs; removed with it where this process ends first. */
  readonly folder: string;
}
export type ToLauncher =
  | ({ readonly id: number } & Program)
  | { readonly id: number; readonly kill: true }
  | { readonly removed: string };
export type FromLauncher =
  | { readonly id: number; readonly pid: number }
  /** It has written that. */
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly ended: true };

/** One life of a server's process. */
export interface ServerProcess {
  readonly pid: number;
  /** Whether it is gone. */
  readonly ended: boolean;
  /** Resolves when it is gone, also by itself. */
  readonly gone: Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

interface Launched {
  started(pid: number): void;
  wrote(text: string): void;
  ended(): void;
}

const main = new URL(import.meta.url.endsWith('.ts') ? './launcher-main.ts' : './launcher-main.js', import.meta.url);

/**
 * Starts programs from a small process of its own. To start one from a process with a gigabyte of memory stops it for 70 ms, as the
 * system copies what describes that memory; and the launcher sees to it that they end with this process, also after SIGKILL.
 */
class Launcher {
  readonly #process: ChildProcess;
  readonly #launched = new Map<number, Launched>();
  #lastId = 0;
  #awaited = 0;

  constructor(onEnd: () => void) {
    // A group of its own: Ctrl-C reaches every process of a terminal's, and servers outlive the programs that use them.
    const detached = process.platform !== 'win32';
    this.#process = fork(fileURLToPath(main), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached,
    });
    this.#process.on('message', (message: FromLauncher) => {
      const launched = this.#launched.get(message.id);
      if ('pid' in message) return launched?.started(message.pid);
      if ('text' in message) return launched?.wrote(message.text);
      this.#launched.delete(message.id);
      launched?.ended();
    });
    const end = (): void => {
      onEnd();
      for (const launched of this.#launched.values()) launched.ended();
      this.#launched.clear();
    };
    this.#process.on('error', end).once('exit', end);
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** Rejects where the launcher has ended; a program that cannot be started has `ended`. */
  start(program: Program, onText: (text: string) => void): Promise<ServerProcess> {
    this.#lastId += 1;
    const id = this.#lastId;
    const running = new Promise<ServerProcess>((resolve, reject) => {
      let end = (): void => undefined;
      let isRunning = true;
      const gone = new Promise<void>((done) => {
        end = done;
      });
      const kill = async (): Promise<void> => {
        this.#send({ id, kill: true });
        await this.#holding(gone);
      };
      this.#launched.set(id, {
        started: (pid) => {
          const signal = (name: NodeJS.Signals): void => void (isRunning && process.kill(pid, name));
          resolve({
            pid,
            get ended() {
              return !isRunning;
            },
            gone,
            signal,
            kill,
          });
        },
        wrote: onText,
        ended: () => {
          isRunning = false;
          reject(new Error('the launcher of servers has ended'));
          end();
        },
      });
    });
    this.#send({ id, ...program });
    return this.#holding(running);
  }

  /** The folder of a program that is gone is no longer there to remove. */
  forget(folder: string): void {
    this.#send({ removed: folder });
  }

  /** While it waits for `work`, this process does not end for lack of anything else to do. */
  async #holding<T>(work: Promise<T>): Promise<T> {
    this.#awaited += 1;
    this.#process.channel?.ref();
    try {
      return await work;
    } finally {
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#process.channel?.unref();
    }
  }

  #send(message: ToLauncher): void {
    if (this.#process.connected) this.#process.send(message);
  }
}

let launcher: Launcher | undefined;

/** One for this process. What it starts does not keep this process alive, and ends with it, however it ends. */
export function theLauncher(): Launcher {
  launcher ??= new Launcher(() => {
    launcher = undefined;
  });
  return launcher;
}
