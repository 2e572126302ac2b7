import { createInterface } from 'node:readline';
import type { Application, Driver, QueueSession, Session } from '../driver.ts';
import { standstills } from '../../runner/standstill-watch.ts';
import { plainJson } from './plain-json.ts';
import type { Answer, DriverEvent, Opened, QueueReport, Request } from './protocol.ts';

/** Makes this process a driver: answers the requests on stdin until it ends. */
export function serveDriver(driver: Driver): void {
  const server = new DriverServer(driver);
  // What a client tells between two requests is due too.
  setInterval(() => server.tell(), 20).unref();
  createInterface({ input: process.stdin }).on('line', (line) => void server.answer(JSON.parse(line) as Request));
}

const send = (line: Answer | DriverEvent): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

class DriverServer {
  readonly #driver: Driver;
  readonly #sessions = new Map<number, Session>();
  #application: Application | undefined;
  /** How many errors of each session, and events of the application, have been sent. */
  readonly #errorsSent = new Map<number, number>();
  #eventsSent = 0;
  readonly #standstills = standstills();
  #stoodStillMs = 0;
  #queue: QueueSession | undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  async answer(request: Request): Promise<void> {
    const { id } = request;
    try {
      const result = plainJson(await this.#carryOut(request));
      this.tell();
      send({ id, result });
    } catch (error) {
      this.tell();
      const { message, code } = error as { message?: string; code?: unknown };
      send({ id, error: { message: message ?? String(error), ...(typeof code === 'string' ? { code } : {}) } });
    }
  }

  /** Errors and events are arrays that grow: what is new goes out before the answer. */
  tell(): void {
    for (const [session, { errors }] of this.#sessions) {
      for (const text of errors.slice(this.#errorsSent.get(session) ?? 0)) send({ event: 'error', session, text });
      this.#errorsSent.set(session, errors.length);
    }
    const events = this.#application?.events ?? [];
    for (const event of events.slice(this.#eventsSent)) send({ event: 'application', ...event });
    this.#eventsSent = events.length;
    const ms = this.#standstills.longestSince(0);
    if (ms > this.#stoodStillMs) send({ event: 'stood-still', ms });
    this.#stoodStillMs = ms;
  }

  async #carryOut(request: Request): Promise<unknown> {
    switch (request.method) {
      case 'describe-driver':
        return this.#driver;
      case 'start':
        this.#application = await this.#driver.start(request.params);
        return null;
      case 'open': {
        const { session, endpoint, options } = request.params;
        return this.#opened(session, await this.#started().open(endpoint, options));
      }
      case 'duplicate':
        return this.#opened(request.params.session, await this.#session(request.params.of).duplicate());
      case 'open-queue': {
        const { endpoint, name } = request.params;
        this.#queue = await this.#started().openQueue?.(endpoint, name);
        return null;
      }
      case 'add-job':
        return await this.#openQueue().add(request.params.job);
      case 'report-queue':
        return await reportOf(this.#openQueue());
      case 'close-queue':
        return await this.#openQueue().close();
      case 'describe-application':
        return await this.#started().describe();
      case 'leaked-clients':
        return await this.#started().leaked?.();
      case 'set-clock':
        return await this.#started().setClock?.(request.params.aheadMs);
      case 'move-to': {
        const { session, host, port } = request.params;
        return await this.#session(session).moveTo?.(host, port);
      }
      case 'close-application':
        return await this.#started().close();
      default:
        return await this.#ask(request);
    }
  }

  async #ask(
    request: Exclude<Request, { method: 'open' | 'start' | 'duplicate' | `${string}-${string}` }>,
  ): Promise<unknown> {
    const { session: number } = request.params;
    const session = this.#session(number);
    switch (request.method) {
      case 'command':
        return await session.command(...request.params.args);
      case 'pipeline':
      case 'transaction':
        return await session[request.method](request.params.commands);
      case 'subscribe': {
        const { channel, kind } = request.params;
        const onMessage = (message: string): void =>
          send({ event: 'message', session: number, channel, kind, message });
        return await session.subscribe(channel, onMessage, kind);
      }
      case 'unsubscribe':
        return await session.unsubscribe(request.params.channel, request.params.kind);
      case 'monitor':
        return await session.monitor?.((line) => send({ event: 'monitor', session: number, line }));
      case 'begin':
        return await session.begin?.();
      case 'close':
        return await session.close(request.params.way);
      default:
        return await session[request.method]();
    }
  }

  #opened(number: number, session: Session): Opened {
    this.#sessions.set(number, session);
    return { begins: session.begin !== undefined };
  }

  #openQueue(): QueueSession {
    if (this.#queue === undefined) throw new Error('no queue was opened');
    return this.#queue;
  }

  #started(): Application {
    if (this.#application === undefined) throw new Error('no application was started');
    return this.#application;
  }

  #session(number: number): Session {
    const session = this.#sessions.get(number);
    if (session === undefined) throw new Error(`session ${number} was never opened`);
    return session;
  }
}

const reportOf = async (queue: QueueSession): Promise<QueueReport> => ({
  ran: await queue.ran(),
  completed: await queue.completed(),
  troubles: await queue.troubles(),
});
