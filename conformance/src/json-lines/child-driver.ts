import { checkDriver } from '../check-driver.ts';
import type {
  Application,
  ApplicationEvent,
  ApplicationOptions,
  ConnectOptions,
  Driver,
  QueueSession,
} from '../driver.ts';
import { inTurn } from '../in-turn.ts';
import type { Endpoint } from '../targets/types.ts';
import { within } from '../within.ts';
import { Child } from './child.ts';
import { ChildSession } from './child-session.ts';
import type { ChildEvent, Description, Opened, QueueReport } from './protocol.ts';

/** To load a client takes seconds on a busy machine. */
const answerTimeoutMs = 30_000;

/**
 * A driver that runs each application in a process of its own, started by `command` (program and arguments). Another one is started
 * to be asked what the driver can, where `known` does not say so already.
 */
export async function childDriver(command: readonly string[], known?: Description): Promise<Driver> {
  const description = known ?? (await describedBy(command));
  return { ...description, start: (options) => inTurn(() => ChildApplication.start(command, options)) };
}

async function describedBy(command: readonly string[]): Promise<Description> {
  const child = new Child(command, () => undefined);
  const said = child.request({ method: 'describe-driver' });
  const unanswered = `${command.join(' ')} did not answer describe-driver`;
  const description = await within(answerTimeoutMs, unanswered, said).catch(async (error: unknown) => {
    await child.close(false).catch(() => undefined);
    throw error;
  });
  await child.close(true);
  checkDriver(command.join(' '), description);
  return description as Description;
}

class ChildApplication implements Application {
  readonly events: ApplicationEvent[] = [];
  stoodStillMs = 0;
  readonly #child: Child;
  readonly #sessions = new Map<number, ChildSession>();

  private constructor(command: readonly string[]) {
    this.#child = new Child(command, (event) => this.#onEvent(event));
  }

  static async start(command: readonly string[], options: ApplicationOptions): Promise<ChildApplication> {
    const application = new ChildApplication(command);
    await application.#child.request({ method: 'start', params: options });
    return application;
  }

  async open(endpoint: Endpoint, options: ConnectOptions): Promise<ChildSession> {
    return await this.#opened((session) =>
      this.#child.request({ method: 'open', params: { session, endpoint, options } }),
    );
  }

  async describe(): Promise<string> {
    return (await this.#child.request({ method: 'describe-application' })) as string;
  }

  async leaked(): Promise<number> {
    const count = await this.#child.request({ method: 'leaked-clients' });
    if (typeof count === 'number') return count;
    throw new Error(`the driver says that it has leak-count, but its answer is no number: ${String(count)}`);
  }

  async setClock(aheadMs: number): Promise<void> {
    await this.#child.request({ method: 'set-clock', params: { aheadMs } });
  }

  async openQueue(endpoint: Endpoint, name: string): Promise<QueueSession> {
    const child = this.#child;
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
      await this.#child.request({ method: 'close-application' });
    } finally {
      await this.#child.close(mustExit);
    }
  }

  async #opened(open: (session: number) => Promise<unknown>): Promise<ChildSession> {
    const number = this.#sessions.size + 1;
    const session = new ChildSession(this.#child, number, (of) =>
      this.#opened((copy) => this.#child.request({ method: 'duplicate', params: { session: copy, of } })),
    );
    this.#sessions.set(number, session);
    const opened = (await open(number)) as Opened | null;
    if (opened?.begins === true) session.hasBegin();
    return session;
  }

  #onEvent(event: ChildEvent): void {
    if (event.event === 'application') this.events.push({ type: event.type, text: event.text });
    else if (event.event === 'stood-still') this.stoodStillMs = Math.max(this.stoodStillMs, event.ms);
    else this.#sessions.get(event.session)?.onEvent(event);
  }
}
