import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withTimeout } from '@entra-redis/conformance/driver-kit';
import type { FromApplication, ToApplication } from '../protocol.ts';

type Message<Type extends FromApplication['type']> = Extract<FromApplication, { type: Type }>;

/** The run's end of the application's process. */
export class Child {
  /** All that it wrote; cut off where it is too much. */
  output = '';
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, (message: never) => void>();

  constructor(onMessage: (message: FromApplication) => void) {
    const program = fileURLToPath(new URL('./application.js', import.meta.url));
    this.#process = fork(program, { execArgv: ['--expose-gc'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
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

  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}
