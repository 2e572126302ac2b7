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
import { DriverProcess } from './driver-process.ts';
import { StdioSession } from './stdio-session.ts';
import type { DriverEvent, Description, Opened, QueueReport } from './protocol.ts';

/** To load a client takes seconds on a busy machine. */
const answerTimeoutMs = 30_000;

/**
 * A driver that runs each application in a process of its own, started by `command` (program and arguments). Another one is started
 * to be asked what the driver can, where `known` does not say so already.
 */
export async function stdioDriver(command: readonly string[], known?: Description): Promise<Driver> {
  const description = known ?? (await describedBy(command));
  return { ...description, start: (options) => startOneAtATime(() => StdioApplication.start(command, options)) };
}

async function describedBy(command: readonly string[]): Promise<Description> {
  const child = new DriverProcess(command, () => undefined);
  const said = child.request({ method: 'describe-driver' });
  const unanswered = `${command.join(' ')} did not answer describe-driver`;
  const description = await withTimeout(answerTimeoutMs, unanswered, said).catch(async (error: unknown) => {
    await child.close(false).catch(() => undefined);
    throw error;
  });
  await child.close(true);
  checkDriver(command.join(' '), description);
  return description as Description;
}

class StdioApplication implements Application {
  readonly events: ApplicationEvent[] = [];
  stoodStillMs = 0;
  readonly #process: DriverProcess;
  readonly #sessions = new Map<number, StdioSession>();

  private constructor(command: readonly string[]) {
    this.#process = new DriverProcess(command, (event) => this.#onEvent(event));
  }

  static async start(command: readonly string[], options: ApplicationOptions): Promise<StdioApplication> {
    const application = new StdioApplication(command);
    await application.#process.request({ method: 'start', params: options });
    return application;
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
      await this.#process.request({ method: 'close-application' });
    } finally {
      await this.#process.close(mustExit);
    }
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
