import { checkDriver } from '../check-driver.ts';
import type {
  Application,
  ApplicationEvent,
  ApplicationOptions,
  ConnectOptions,
  Driver,
  QueueSession,
} from '../driver.ts';
import { startOneAtATime } from './start-one-at-a-time.ts';
import type { Endpoint } from '../../targets/target.ts';
import { withTimeout } from '../../runner/timeout.ts';
import { assertSame } from '../descriptions.ts';
import { commandOf } from '../install.ts';
import type { ManifestFile } from '../manifest.ts';
import { type DriverCommand, DriverProcess } from './driver-process.ts';
import { StdioSession } from './stdio-session.ts';
import type { Description, DriverEvent, Opened, QueueReport, SaidDescription } from './protocol.ts';

/** To load a client takes seconds on a busy machine. */
const answerTimeoutMs = 30_000;
/** What has nothing left to do but to close. */
const closeTimeoutMs = 3000;

/**
 * A driver that runs each application in a process of its own, started by `words` (program and arguments). Another one is started
 * to be asked what the driver can.
 */
export async function stdioDriver(words: readonly string[]): Promise<Driver> {
  return describedDriver(words, await describedBy({ name: words.join(' '), words }));
}

/** The same for one that has said so already. */
export function describedDriver(words: readonly string[], description: Description): Driver {
  const command = { name: description.name, words };
  return { ...description, start: (options) => startOneAtATime(() => StdioApplication.start(command, options)) };
}

/** The driver of a `driver.json`, which says what it can. Each of its processes must say the same. */
export function manifestDriver(file: ManifestFile): Driver {
  const { name, folder, manifest } = file;
  const command = { name, folder, words: commandOf(file) };
  const { description } = manifest;
  return {
    ...description,
    ...(manifest.language === 'Node.js' ? {} : { language: manifest.language }),
    start: (options) => startOneAtATime(() => StdioApplication.start(command, options, description)),
  };
}

/** What the program of a driver says of itself. */
export async function describedBy(command: DriverCommand): Promise<SaidDescription> {
  const child = new DriverProcess(command, () => undefined);
  const description = await said(command, child).catch(async (error: unknown) => {
    await child.close(false).catch(() => undefined);
    throw error;
  });
  await child.close(true);
  return description;
}

async function said({ name }: DriverCommand, child: DriverProcess): Promise<SaidDescription> {
  const answer = child.request({ method: 'describe-driver' });
  const description = await withTimeout(answerTimeoutMs, `${name} did not answer describe-driver`, answer);
  checkDriver(name, description);
  return description as SaidDescription;
}

class StdioApplication implements Application {
  readonly events: ApplicationEvent[] = [];
  stoodStillMs = 0;
  runtime?: string;
  readonly #process: DriverProcess;
  readonly #name: string;
  readonly #sessions = new Map<number, StdioSession>();

  private constructor(command: DriverCommand) {
    this.#name = command.name;
    this.#process = new DriverProcess(command, (event) => this.#onEvent(event));
  }

  /** `expected`: what its description must be. */
  static async start(
    command: DriverCommand,
    options: ApplicationOptions,
    expected?: Description,
  ): Promise<StdioApplication> {
    const application = new StdioApplication(command);
    try {
      await application.#start(command, options, expected);
      return application;
    } catch (error) {
      await application.#process.close(false).catch(() => undefined);
      throw error;
    }
  }

  async #start(command: DriverCommand, options: ApplicationOptions, expected?: Description): Promise<void> {
    if (expected !== undefined) {
      const { runtime, protocol: _, ...description } = await said(command, this.#process);
      if (runtime !== undefined) this.runtime = runtime;
      assertSame(command.name, expected, description);
    }
    const started = this.#process.request({ method: 'start', params: options });
    await withTimeout(answerTimeoutMs, `${command.name} did not answer start`, started);
  }

  async open(endpoint: Endpoint, options: ConnectOptions): Promise<StdioSession> {
    return await this.#opened((session) =>
      this.#process.request({ method: 'open', params: { session, endpoint, options } }),
    );
  }

  async describe(): Promise<string> {
    return (await this.#process.request({ method: 'describe-application' })) as string;
  }

  async leaked(): Promise<number> {
    const count = await this.#process.request({ method: 'leaked-clients' });
    if (typeof count === 'number') return count;
    throw new Error(`the driver says that it has leak-count, but its answer is no number: ${String(count)}`);
  }

  async setClock(aheadMs: number): Promise<void> {
    await this.#process.request({ method: 'set-clock', params: { aheadMs } });
  }

  async openQueue(endpoint: Endpoint, name: string): Promise<QueueSession> {
    const child = this.#process;
    await child.request({ method: 'open-queue', params: { endpoint, name } });
    const report = async (): Promise<QueueReport> => (await child.request({ method: 'report-queue' })) as QueueReport;
    return {
      add: async (job) => void (await child.request({ method: 'add-job', params: { job } })),
      ran: async () => (await report()).ran,
      completed: async () => (await report()).completed,
      troubles: async () => (await report()).troubles,
      close: async () => void (await child.request({ method: 'close-queue' })),
    };
  }

  async close({ mustExit = false }: { mustExit?: boolean } = {}): Promise<void> {
    try {
      const closed = this.#process.request({ method: 'close-application' });
      await withTimeout(closeTimeoutMs, `${this.#name} did not answer close-application`, closed);
    } catch (error) {
      await this.#process.close(false).catch(() => undefined);
      throw error;
    }
    await this.#process.close(mustExit);
  }

  async #opened(open: (session: number) => Promise<unknown>): Promise<StdioSession> {
    const number = this.#sessions.size + 1;
    const session = new StdioSession(this.#process, number, (of) =>
      this.#opened((copy) => this.#process.request({ method: 'duplicate', params: { session: copy, of } })),
    );
    this.#sessions.set(number, session);
    const opened = (await open(number)) as Opened | null;
    if (opened?.begins === true) session.hasBegin();
    return session;
  }

  #onEvent(event: DriverEvent): void {
    if (event.event === 'application') this.events.push({ type: event.type, text: event.text });
    else if (event.event === 'stood-still') this.stoodStillMs = Math.max(this.stoodStillMs, event.ms);
    else this.#sessions.get(event.session)?.onEvent(event);
  }
}
