import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Answer, Call, DriverEvent } from './protocol.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const stderrKept = 4000;
const exitTimeoutMs = 5000;

/** A running driver process. Requests reject once it has ended, with what it printed last. */
export class DriverProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<unknown>;
  #stderr = '';
  #lastId = 0;
  #ended: Error | undefined;

  constructor([program = '', ...args]: readonly string[], onEvent: (event: DriverEvent) => void) {
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    // Writing to a process that has just ended: the exit tells.
    this.#process.stdin.on('error', () => undefined);
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => this.#read(line, onEvent));
    this.#exited = once(this.#process, 'close').catch((error: unknown) => this.#end(`did not start: ${String(error)}`));
    this.#process.on('close', (code, signal) => this.#end(`ended: ${signal ?? `exit code ${code}`}`));
  }

  request(call: Call): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, ...call })}\n`);
    });
  }

  /** Ends its stdin, and the process. `mustExit`: rejects unless it exits by itself. */
  async close(mustExit: boolean): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#process.stdin.end();
    if (!(mustExit && (await this.#exitsByItself()))) this.#process.kill('SIGKILL');
    await this.#exited;
    if (mustExit && this.#process.exitCode === null)
      throw new Error(
        `the process did not exit within ${exitTimeoutMs} ms of its last client: something keeps it alive`,
      );
    if (mustExit && this.#process.exitCode !== 0) throw this.#ended ?? new Error('the process of the driver failed');
  }

  async #exitsByItself(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), exitTimeoutMs);
    });
    const exited = await Promise.race([this.#exited.then(() => true), late]);
    clearTimeout(timer);
    return exited;
  }

  #read(line: string, onEvent: (event: DriverEvent) => void): void {
    const message = messageOf(line);
    if (message === undefined) {
      // Clients print; what is no message belongs to stderr.
      this.#stderr = `${this.#stderr}${line}\n`.slice(-stderrKept);
      return;
    }
    if ('event' in message) return onEvent(message);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) {
      const { message: text, ...kind } = message.error;
      waiting?.reject(Object.assign(new Error(text), kind));
    } else waiting?.resolve(message.result);
  }

  #end(how: string): void {
    this.#ended ??= new Error(`the process of the driver ${how}${this.#stderr === '' ? '' : `\n${this.#stderr}`}`);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

function messageOf(line: string): Answer | DriverEvent | undefined {
  try {
    const message = JSON.parse(line) as unknown;
    return typeof message === 'object' && message !== null ? (message as Answer | DriverEvent) : undefined;
  } catch {
    return undefined;
  }
}
