import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { withTimeout } from '@entra-redis/conformance/driver-kit';
import type { FromApplication, ToApplication } from '../protocol.ts';

type Message<Type extends FromApplication['type']> = Extract<FromApplication, { type: Type }>;

const program = new URL(
  import.meta.url.endsWith('.ts') ? '../application/main.ts' : './application.js',
  import.meta.url,
);
/** Stops a process for some seconds. */
const pausing = 'kill -STOP "$0" && sleep "$1"; kill -CONT "$0"';

/** The run's end of the application's process. */
export class Child {
  /** All that it wrote; cut off where it is too much. */
  output = '';
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, (message: never) => void>();

  constructor(onMessage: (message: FromApplication) => void) {
    this.#process = fork(fileURLToPath(program), {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.exited = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        if (this.output.length < 1_000_000) this.output += chunk.toString('utf8');
      });
    }
    this.#process.on('message', (message: FromApplication) => {
      this.#waiting.get(message.type)?.(message as never);
      onMessage(message);
    });
  }

  send(message: ToApplication): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  /** The next message of this type; rejects when there is none in time or the process ends. */
  async next<Type extends FromApplication['type']>(type: Type, withinMs: number): Promise<Message<Type>> {
    const message = new Promise<Message<Type>>((resolve) => this.#waiting.set(type, resolve));
    const ended = this.exited.then((code) =>
      Promise.reject(new Error(`the application ended (${code}): ${this.output.slice(-2000)}`)),
    );
    return await withTimeout(withinMs, `the application did not say '${type}'`, Promise.race([message, ended]));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** By a process of its own, so that it goes on where the run is killed meanwhile. */
  async pause(ms: number): Promise<void> {
    const args = ['-c', pausing, String(this.pid), String(ms / 1000)];
    await once(spawn('sh', args, { stdio: 'ignore', detached: true }), 'exit');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}
