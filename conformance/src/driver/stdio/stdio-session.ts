import type { Session, SubscriptionKind } from '../driver.ts';
import type { DriverProcess } from './driver-process.ts';
import type { DriverEvent } from './protocol.ts';

/** A client in a driver process. */
export class StdioSession implements Session {
  readonly errors: string[] = [];
  /** Set where the client has it. */
  begin?: () => Promise<void>;
  readonly #process: DriverProcess;
  readonly #session: number;
  readonly #copy: (of: number) => Promise<Session>;
  readonly #listeners: ((event: DriverEvent) => void)[] = [];

  constructor(child: DriverProcess, session: number, copy: (of: number) => Promise<Session>) {
    this.#process = child;
    this.#session = session;
    this.#copy = copy;
  }

  onEvent(event: DriverEvent): void {
    if (event.event === 'error') this.errors.push(event.text);
    for (const listener of this.#listeners) listener(event);
  }

  hasBegin(): void {
    this.begin = async () => void (await this.#ask('begin'));
  }

  async ready(): Promise<void> {
    await this.#ask('ready');
  }

  async command(...args: string[]): Promise<unknown> {
    return await this.#process.request({ method: 'command', params: { session: this.#session, args } });
  }

  async pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const params = { session: this.#session, commands };
    return (await this.#process.request({ method: 'pipeline', params })) as unknown[];
  }

  async transaction(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const params = { session: this.#session, commands };
    return (await this.#process.request({ method: 'transaction', params })) as unknown[];
  }

  async subscribe(
    channel: string,
    onMessage: (message: string) => void,
    kind: SubscriptionKind = 'channel',
  ): Promise<void> {
    this.#listeners.push((event) => {
      if (event.event === 'message' && event.channel === channel && event.kind === kind) onMessage(event.message);
    });
    await this.#process.request({ method: 'subscribe', params: { session: this.#session, channel, kind } });
  }

  async unsubscribe(channel: string, kind: SubscriptionKind = 'channel'): Promise<void> {
    await this.#process.request({ method: 'unsubscribe', params: { session: this.#session, channel, kind } });
  }

  async monitor(onLine: (line: string) => void): Promise<void> {
    this.#listeners.push((event) => {
      if (event.event === 'monitor') onLine(event.line);
    });
    await this.#process.request({ method: 'monitor', params: { session: this.#session } });
  }

  async duplicate(): Promise<Session> {
    return await this.#copy(this.#session);
  }

  async moveTo(host: string, port: number): Promise<void> {
    await this.#process.request({ method: 'move-to', params: { session: this.#session, host, port } });
  }

  async connected(): Promise<boolean | null> {
    return (await this.#ask('connected')) as boolean | null;
  }

  async describe(): Promise<string> {
    return (await this.#ask('describe')) as string;
  }

  async close(way?: string): Promise<void> {
    const params = { session: this.#session, ...(way === undefined ? {} : { way }) };
    await this.#process.request({ method: 'close', params });
  }

  #ask(method: 'ready' | 'connected' | 'describe' | 'begin'): Promise<unknown> {
    return this.#process.request({ method, params: { session: this.#session } });
  }
}
