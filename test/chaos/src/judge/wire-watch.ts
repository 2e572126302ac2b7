import { createTimeline, type WireEntry, type WireTimeline } from '@entra-redis/emulator';
import type { Violation } from '../protocol.ts';

/** The newest entries that a failing run shows of all, and of those that are no ordinary traffic. */
const tailLength = 100;
const notableLength = 400;
/** How long the life of a connection is remembered. */
const memoryMs = 60_000;

/** What the wire says of one connection. */
export interface WireConnection {
  readonly id: number;
  /** Which server, where there are several. */
  readonly node: string | undefined;
  name?: string | undefined;
  readonly openedAt: number;
  /** When it first subscribed to something. */
  subscribedAt?: number | undefined;
  closedAt?: number | undefined;
  /** How it ended. */
  ending?: string | undefined;
  /** Since when its AUTH, and all that it sends, has no answer. */
  unansweredAt?: number | undefined;
  /** When a fault last met it. */
  readonly faultsAt: number[];
  /** Accepted logins by token, since it was last somebody else. */
  readonly logins: Map<string, number>;
  username?: string | undefined;
  /** When it last logged in. */
  loggedInAt?: number | undefined;
  expiresAt?: number | undefined;
}

/** Whether something else explains why the server has cut a connection at this instant, in a calm or because its AUTH had no answer. */
export interface Excuses {
  cut(connection: WireConnection): boolean;
  unanswered(connection: WireConnection, at: number): boolean;
}

/** One that has opened, and done nothing yet. */
export const newConnection = ({ at, connection, node }: Omit<WireEntry, 'event'>): WireConnection => ({
  id: connection,
  node,
  openedAt: at,
  faultsAt: [],
  logins: new Map(),
});

/** Reads a wire timeline as it grows, forgets what it has read, and checks what must always hold. */
export class WireWatch {
  readonly connections: Set<WireConnection> = new Set();
  readonly counts = { opened: 0, logins: 0, reauths: 0, expired: 0, refused: 0, faults: 0 };
  /** Connections that were cut because their token expired, from now on a violation. */
  strict = false;
  readonly #timeline: WireTimeline;
  readonly #tell: (violation: Violation) => void;
  readonly #excuses: Excuses;
  readonly #open = new Map<string, WireConnection>();
  #tail: WireEntry[] = [];
  #notable: WireEntry[] = [];

  constructor(
    timeline: WireTimeline,
    tell: (violation: Violation) => void,
    excuses: Excuses = { cut: () => false, unanswered: () => false },
  ) {
    this.#timeline = timeline;
    this.#tell = tell;
    this.#excuses = excuses;
  }

  /** To be called often: a timeline has a limit. */
  read(): void {
    const entries = this.#timeline.entries;
    this.#timeline.clear();
    // First, so that what is shown of a violation ends with it.
    this.#tail = [...this.#tail, ...entries].slice(-tailLength);
    this.#notable = [...this.#notable, ...entries.filter(isNotable)].slice(-notableLength);
    for (const entry of entries) this.#take(entry);
    const forgottenAt = Date.now() - memoryMs;
    for (const connection of this.connections)
      if ((connection.closedAt ?? Infinity) < forgottenAt) this.connections.delete(connection);
  }

  /** CLIENT IDs of the connections that are open. */
  get live(): number[] {
    return [...this.#open.values()].map(({ id }) => id);
  }

  /** Those that have logged in. */
  get loggedIn(): number[] {
    return [...this.#open.values()].filter(({ logins }) => logins.size > 0).map(({ id }) => id);
  }

  /** Those whose first login is never answered: to give them up is the client's business, and none does. */
  get hanging(): number[] {
    const isHanging = ({ unansweredAt, logins }: WireConnection): boolean =>
      unansweredAt !== undefined && logins.size === 0;
    return [...this.#open.values()].filter(isHanging).map(({ id }) => id);
  }

  /** The end of the timeline, for people. */
  tail(): string {
    const shown = createTimeline();
    const from = this.#tail[0]?.at ?? Infinity;
    for (const entry of [...this.#notable.filter(({ at }) => at < from), ...this.#tail]) shown.add(entry);
    return shown.toText();
  }

  #take(entry: WireEntry): void {
    const key = `${entry.node ?? ''}#${entry.connection}`;
    if (entry.event === 'open') return this.#opened(key, entry);
    const connection = this.#open.get(key);
    if (connection === undefined) return;
    switch (entry.event) {
      case 'command':
        return this.#command(connection, entry);
      case 'login':
        connection.loggedInAt = entry.at;
        return this.#login(key, connection, entry.login as NonNullable<WireEntry['login']>);
      case 'refused':
        this.counts.refused += 1;
        connection.faultsAt.push(entry.at);
        return;
      case 'reply':
        return this.#reply(key, connection, entry.text ?? '');
      case 'fault':
        this.counts.faults += 1;
        connection.faultsAt.push(entry.at);
        if (entry.text === 'hang') connection.unansweredAt ??= entry.at;
        return;
      case 'expired':
        return this.#expired(key, connection, entry.at);
      case 'close':
        connection.closedAt = entry.at;
        connection.ending = entry.text;
        this.#open.delete(key);
    }
  }

  #expired(key: string, connection: WireConnection, at: number): void {
    const { name = '', unansweredAt } = connection;
    this.counts.expired += 1;
    if (this.strict && !this.#excuses.cut(connection))
      this.#tell({ invariant: 'calm', detail: `${key} ${name} was cut: its token expired` });
    if (unansweredAt === undefined || this.#excuses.unanswered(connection, at)) return;
    const detail = `${key} ${name} was cut: its AUTH had no answer for ${Math.round(at - unansweredAt)} ms`;
    this.#tell({ invariant: 'unanswered', detail });
  }

  /** A server that starts again counts from the beginning, so an id may come back. */
  #opened(key: string, entry: WireEntry): void {
    this.counts.opened += 1;
    const opened = newConnection(entry);
    this.#open.set(key, opened);
    this.connections.add(opened);
  }

  #command(connection: WireConnection, { at, args = [] }: WireEntry): void {
    const [name = '', second = ''] = args.map((arg) => arg.toUpperCase());
    if (name === 'CLIENT' && second === 'SETNAME') connection.name = args[2];
    if (name === 'HELLO') {
      const setName = args.findIndex((arg) => arg.toUpperCase() === 'SETNAME');
      if (setName > 0) connection.name = args[setName + 1];
    }
    if (name === 'SUBSCRIBE') connection.subscribedAt ??= at;
  }

  /** A client may write on after a login that was refused. */
  #reply(key: string, connection: WireConnection, text: string): void {
    if (!text.startsWith('-NOAUTH') || connection.faultsAt.length > 0) return;
    this.#tell({ invariant: 'recovers', detail: `${key} ${connection.name ?? ''} sent a command before its login` });
  }

  #login(key: string, connection: WireConnection, login: NonNullable<WireEntry['login']>): void {
    const { token, via, expiresAt, username } = login;
    this.counts.logins += 1;
    if (connection.logins.size > 0) this.counts.reauths += 1;
    // To become who it was again takes another AUTH with the token from before.
    if (connection.username !== username) connection.logins.clear();
    connection.username = username;
    const times = (connection.logins.get(token) ?? 0) + 1;
    connection.logins.set(token, times);
    connection.expiresAt = expiresAt;
    if (times > 1)
      this.#tell({
        invariant: 'one-auth',
        detail: `${key} ${connection.name ?? ''} sent ${via} ${times} times with ${token}`,
      });
  }
}

const ordinary = new Set('GET SET ECHO MULTI EXEC RPUSH XADD XREAD BLPOP PUBLISH EVALSHA'.split(' '));

function isNotable({ event, args, text = '' }: WireEntry): boolean {
  if (event === 'command') return !ordinary.has((args?.[0] ?? '').toUpperCase());
  return event === 'reply' ? text.startsWith('-') : event !== 'push';
}
