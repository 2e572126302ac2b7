import type {
  Application as Clients,
  ApplicationEvent,
  Driver,
  Endpoint,
  QueueSession,
} from '@entra-redis/conformance';
import type { Dice } from '../schedule/faults.ts';
import { Caller, type Ledger } from './caller.ts';
import { blockingLoad, type Load, mixedLoad, publishing, streamLoad } from './loads.ts';
import { Messages } from './messages.ts';
import type { Sabotage } from './broken-rules.ts';
import { closeWaysThatEnd } from './workarounds.ts';

export interface CrewOptions {
  readonly driver: Driver;
  readonly endpoint: Endpoint;
  readonly ledger: Ledger;
  readonly dice: Dice;
  readonly sabotage: Sabotage | undefined;
  /** Whether a blocking command may outlive what the adapter can spare it. */
  mayBlockLong(): boolean;
}

/** Every kind of client that an application may have, on one token manager, and the work that they do. */
export class Crew {
  readonly callers: Caller[] = [];
  readonly messages: Messages[] = [];
  readonly loads: { readonly every: number; readonly load: Load }[] = [];
  queue: QueueSession | undefined;
  jobs = 0;
  readonly #clients: Clients;
  readonly #options: CrewOptions;

  constructor(clients: Clients, options: CrewOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  /** Opens all of them, one after the other, and waits until they are connected. */
  async open(): Promise<void> {
    for (const resp of this.#options.driver.resp) await this.#openFor(resp);
    await this.#openQueue();
  }

  async #openFor(resp: 2 | 3): Promise<void> {
    const { dice, endpoint } = this.#options;
    const mixer = await this.#connect(`mixer-${resp}`, resp);
    const blocker = await this.#connect(`blocker-${resp}`, resp);
    const reader = await this.#connect(`reader-${resp}`, resp);
    const subscriber = await this.#connect(`subscriber-${resp}`, resp);
    const seconds = (): number => this.#blockSeconds();
    const blocking = blockingLoad(blocker, seconds);
    const reading = streamLoad(reader, seconds);
    const feeds = [blocking.feed(mixer), reading.feed(mixer), await this.#subscribe(subscriber, mixer)];
    this.loads.push({ every: 15, load: mixedLoad(mixer, dice, feeds) });
    this.loads.push({ every: 5, load: blocking.load }, { every: 5, load: reading.load });
    if (endpoint.topology !== 'standalone') return;
    const copy = this.#track(`copy-${resp}`, await mixer.session.duplicate());
    await copy.session.ready();
    this.loads.push({ every: 40, load: mixedLoad(copy, dice, []) });
  }

  async #connect(name: string, resp: 2 | 3): Promise<Caller> {
    const { endpoint, sabotage } = this.#options;
    const session = await this.#clients.open(endpoint, { resp, name });
    const caller = this.#track(name, sabotage?.confusing(session) ?? session);
    await caller.session.ready();
    return caller;
  }

  #track(name: string, session: Caller['session']): Caller {
    const caller = new Caller(name, session, this.#options.ledger);
    this.callers.push(caller);
    return caller;
  }

  async #subscribe(subscriber: Caller, publisher: Caller): Promise<Load> {
    const messages = new Messages(subscriber.name);
    this.messages.push(messages);
    const channel = `{${subscriber.name}}`;
    const arrived = (message: string): void => messages.arrived(message);
    const deliver = this.#options.sabotage?.losing(arrived) ?? arrived;
    await subscriber.session.subscribe(channel, (message) => {
      subscriber.answered += 1;
      if (message.startsWith(`${channel}=`)) deliver(message);
      else subscriber.mismatch(`a message of ${channel}`, message);
    });
    return publishing(publisher, channel, messages);
  }

  async #openQueue(): Promise<void> {
    const { endpoint, ledger } = this.#options;
    // ioredis does not look for the nodes again where a script of BullMQ meets a replica: it then fails for as long as nothing else is moved.
    if (this.#clients.openQueue === undefined || endpoint.topology === 'cluster') return;
    const queue = await this.#clients.openQueue(endpoint, 'chaos');
    this.queue = queue;
    const producer = new Caller('queue', { errors: [] } as never, ledger);
    this.loads.push({
      every: 100,
      load: async () => {
        await producer.ask('add a job', async () => {
          await queue.add(String(this.jobs));
          this.jobs += 1;
        });
      },
    });
  }

  /** Changes the address in the options of every live client that lets its user do so. */
  async move(host: string, port: number): Promise<void> {
    // Sabotage: it stays where it is.
    if (this.#options.sabotage !== undefined) return;
    for (const { session } of this.callers) await session.moveTo?.(host, port);
  }

  /** Within what is left of a token's life after a refresh, for clients that cannot send a command again. */
  #blockSeconds(): number {
    const { dice } = this.#options;
    return this.#options.mayBlockLong() ? dice.pick([0.1, 1, 4]) : dice.pick([0.05, 0.1, 0.3]);
  }

  /** Reads, for secrets, what users could have read since the last time. */
  async readOutput(): Promise<void> {
    const { findings } = this.#options.ledger;
    for (const caller of this.callers) caller.readErrors();
    for (const { text } of (this.#clients.events as ApplicationEvent[]).splice(0)) findings.read('an event', text);
    for (const text of ((await this.queue?.troubles()) as string[] | undefined)?.splice(0) ?? [])
      findings.read('an error of BullMQ', text);
  }

  /** The same of what logging the clients themselves would show. */
  async readClients(): Promise<void> {
    const { endpoint, ledger } = this.#options;
    const { findings } = ledger;
    // A whole cluster takes seconds, in which every token expires; the suite's scenarios look at it.
    const shown = endpoint.topology === 'standalone' ? this.callers : [];
    for (const { name, session } of shown) findings.read(`inspect(${name})`, await session.describe());
    findings.read('inspect(manager)', await this.#clients.describe());
  }

  async close(): Promise<void> {
    const { driver, dice, sabotage } = this.#options;
    const ways = closeWaysThatEnd(driver.name, driver.closeWays);
    await this.queue?.close();
    for (const caller of sabotage?.closing(this.callers) ?? this.callers) await caller.close(dice.pick(ways));
    await this.readOutput();
    await this.#clients.close();
  }
}
