import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { longestLine, readLines } from './lines.ts';
import type { Answer, Call, DriverEvent } from './protocol.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** How a driver is started, and what it is called where something goes wrong. */
export interface DriverCommand {
  readonly name: string;
  /** Program and arguments. */
  readonly words: readonly string[];
  /** Where it is started. Default: here. */
  readonly folder?: string;
}

const stderrKept = 4000;
const exitTimeoutMs = 5000;
/** What clients print. More is a flood, which takes the time of other cases. */
const printedAtMost = 4 * 2 ** 20;

/** A running driver process. Requests reject once it has ended, with what it printed last. */
export class DriverProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<unknown>;
  #stderr = '';
  #printed = 0;
  #lastId = 0;
  #ended: Error | undefined;

  constructor({ name, words: [program = '', ...args], folder }: DriverCommand, onEvent: (event: DriverEvent) => void) {
    this.#name = name;
    this.#process = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    // Writing to a process that has just ended: the exit tells.
    this.#process.stdin.on('error', () => undefined);
    readLines(
      this.#process.stdout,
      (line) => this.#read(line, onEvent),
      () => this.#stop(`printed a line of more than ${longestLine} characters`),
    );
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
    if (this.#ended !== undefined) {
      this.#process.kill('SIGKILL');
      throw this.#ended;
    }
    this.#process.stdin.end();
    if (!(mustExit && (await this.#exitsByItself()))) this.#process.kill('SIGKILL');
    await this.#exited;
    if (mustExit && this.#process.exitCode === null)
      throw new Error(
        `the process of the driver ${this.#name} did not exit within ${exitTimeoutMs} ms of its last client: something keeps it alive`,
      );
    if (mustExit && this.#process.exitCode !== 0)
      throw this.#ended ?? new Error(`the process of the driver ${this.#name} failed`);
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
      this.#printed += line.length + 1;
      if (this.#printed > printedAtMost)
        this.#stop(`printed more than ${printedAtMost} characters that are no messages to its stdout`);
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

  /** Ends a process that does what no driver may. */
  #stop(why: string): void {
    if (this.#ended !== undefined) return;
    this.#end(why);
    this.#process.kill('SIGKILL');
  }

  #end(how: string): void {
    const last = this.#stderr === '' ? '' : `\n${this.#stderr}`;
    this.#ended ??= new Error(`the process of the driver ${this.#name} ${how}${last}`);
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
