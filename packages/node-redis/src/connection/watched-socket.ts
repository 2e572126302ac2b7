import type { Socket } from 'node:net';
import { withoutTokens } from '@entra-redis/token-manager';
import type { OwnAuths } from './own-auths.ts';
import {
  asksForMoves,
  authWithUser,
  beforeName,
  disguise,
  encodeArgument,
  endsLastSubscription,
  isHello2,
  isOrdinary,
  mayBlock,
  modeAfter,
  nestedMulti,
  noMoves,
  subscriptionBy,
  unsubscribeReplies,
  type WireMode,
} from './wire-commands.ts';

const errorReply = 0x2d;

export interface SocketObserver {
  /** What must be written now for an AUTH that was queued on a socket that is gone: the newest, or a PING where that was sent. */
  newestAuth(): string;
  /** The server answered the handshake; `error` is the error reply, without its dash. Returns what the client gets in its place. */
  handshakeAnswered(error: string | undefined): string | undefined;
  /** A transaction or subscription ended: an AUTH that waited may be possible now. */
  authMayBePossible(unsubscribed?: boolean): void;
  closed(): void;
}

/** What one of a connection's AUTHs met on its way to the server. */
export interface QueuedAuth {
  /** As the client writes it. */
  readonly command: string;
  /** What goes out in its place. */
  readonly written: string;
  /** It came after a MULTI that was still queued when it was made, and was kept out of the transaction. */
  inTransaction: boolean;
  /** It was written behind a command that may keep it from an answer. */
  isBehindBlock: boolean;
}

/** On a socket that is watched. One function for all of them, of which there may be thousands: a closure costs each for what it holds. */
const watchKey: unique symbol = Symbol('watched') as never;

/** What is replaced of a socket. */
interface Replaced {
  write: (this: Socket, chunk: unknown, encoding?: unknown, done?: unknown) => boolean;
  destroy: (this: Socket, error?: Error) => Socket;
}
interface Holder {
  readonly [watchKey]: WatchedSocket;
}

function writeWatched(this: Holder, chunk: unknown, encoding?: unknown, done?: unknown): boolean {
  return this[watchKey].write(chunk, encoding, done);
}

/** However a socket ends, Node.js destroys it. A third listener of `close` would cost each connection thirty times as much. */
function destroyWatched(this: Holder, error?: Error): Socket {
  return this[watchKey].destroy(error);
}

/**
 * One socket of node-redis, seen from outside: what is written tells the mode of the connection, the first bytes read
 * show that the handshake was accepted. Most commands pass by the first letter of their name.
 */
export class WatchedSocket {
  readonly socket: Socket;
  readonly #ownAuths: OwnAuths;
  readonly #write: Replaced['write'];
  readonly #destroy: Replaced['destroy'];
  #observer: SocketObserver;
  #mode: WireMode = 'normal';
  /** What the client writes next to log in, and what goes out in its place. */
  #handshake: { readonly password: string; readonly token: string } | undefined;
  #auth: QueuedAuth | undefined;
  #firstHandshake = true;
  /** UNSUBSCRIBEs without a reply; too few where one had several channels. */
  #unsubscribes = 0;
  #readsReplies = false;
  /** Since the latest AUTH, whose answer tells that what was before it has one, too. */
  #mayBlock = false;
  #hello2 = false;
  /** The latest text that was written, unless it is long: what comes before a Buffer says which argument that is. */
  #lastText = '';
  #subscribed = false;

  constructor(socket: Socket, ownAuths: OwnAuths, observer: SocketObserver) {
    this.socket = socket;
    this.#ownAuths = ownAuths;
    this.#observer = observer;
    const { write, destroy } = socket as unknown as Replaced;
    this.#write = write;
    this.#destroy = destroy;
    Object.defineProperty(socket, watchKey, { value: this });
    Object.assign(socket, { write: writeWatched, destroy: destroyWatched });
  }

  get mode(): WireMode {
    return this.#mode;
  }

  /** A subscriber to which the client would send AUTH all the same (5.x with `RESP: 2`), for the server to refuse. */
  get refusesAuth(): boolean {
    return this.#hello2 && this.#subscribed;
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  /** The server (or the network) ended the connection, not the client. */
  get endedByPeer(): boolean {
    return this.socket.readableEnded || this.socket.errored !== null;
  }

  /** After RESET the client makes its handshake anew, with another listener. */
  observe(observer: SocketObserver): void {
    this.#observer = observer;
  }

  /** The next write that holds `password` is the handshake; `token` goes out in its place. */
  expectHandshake(password: string, token: string = password): void {
    this.#handshake = { password, token };
  }

  /** `auth` is in the client's queue, for this socket. */
  expectAuth(auth: QueuedAuth): void {
    this.#auth = auth;
  }

  write(chunk: unknown, encoding: unknown, done: unknown): boolean {
    const seen = typeof chunk === 'string' ? this.#commandOut(chunk) : this.#bytesOut(chunk);
    return this.#write.call(this.socket, seen, encoding, done);
  }

  destroy(error: Error | undefined): Socket {
    this.#destroy.call(this.socket, error);
    this.#observer.closed();
    return this.socket;
  }

  #commandOut(command: string): string {
    this.#lastText = command.length < 24 ? command : '';
    if (this.#handshake === undefined && isOrdinary(command)) return command;
    const mode = modeAfter(command);
    if (mode !== undefined) this.#enter(mode);
    if (asksForMoves(command)) return noMoves;
    if (mayBlock(command)) this.#mayBlock = true;
    const handshake = this.#handshake;
    if (handshake !== undefined && command.includes(handshake.password)) return this.#handshakeOut(command, handshake);
    if (this.#isOwnAuth(command)) return this.#authOut(command);
    return command;
  }

  #isOwnAuth(command: string): boolean {
    return command.startsWith(authWithUser) && (command.includes(disguise) || this.#ownAuths.has(command));
  }

  #bytesOut(chunk: unknown): unknown {
    const subscription = chunk instanceof Uint8Array ? subscriptionBy(chunk) : undefined;
    if (subscription === undefined || !beforeName(this.#lastText)) return chunk;
    if (subscription === 'begins') this.#subscribed = true;
    if (subscription === 'ends') this.#unsubscribeOut();
    return chunk;
  }

  #authOut(command: string): string {
    const auth = this.#auth;
    if (this.#mode === 'transaction') {
      if (auth?.command === command) auth.inTransaction = true;
      return nestedMulti;
    }
    if (auth?.command !== command) return this.#observer.newestAuth();
    auth.isBehindBlock = this.#mayBlock;
    this.#mayBlock = false;
    return auth.written;
  }

  #enter(mode: WireMode): void {
    const ended = this.#mode !== 'normal' && mode === 'normal';
    this.#mode = mode;
    if (ended) queueMicrotask(() => this.#observer.authMayBePossible());
  }

  #handshakeOut(command: string, { password, token }: { readonly password: string; readonly token: string }): string {
    this.#awaitHandshakeAnswer(command, password);
    return command.replace(encodeArgument(password), () => encodeArgument(token));
  }

  #awaitHandshakeAnswer(command: string, password: string): void {
    this.#hello2 = isHello2(command);
    // RESET has ended what there was.
    this.#subscribed = false;
    this.#handshake = undefined;
    // After RESET, replies to other commands may come first: a refusal then reaches the caller of reset().
    if (!this.#firstHandshake) return queueMicrotask(() => this.#observer.handshakeAnswered(undefined));
    this.#firstHandshake = false;
    replaceNextData(this.socket, (reply) => {
      if (reply[0] !== errorReply) return void this.#observer.handshakeAnswered(undefined);
      const [said = ''] = reply.toString('latin1', 1).split('\r\n', 1);
      // Some servers quote the arguments of a command that they do not know, or the beginnings of them.
      const error = withoutTokens(said, password);
      const told = this.#observer.handshakeAnswered(error) ?? (error === said ? undefined : error);
      return told === undefined ? undefined : Buffer.concat([Buffer.from(`-${told}`), reply.subarray(1 + said.length)]);
    });
  }

  #unsubscribeOut(): void {
    this.#unsubscribes += 1;
    if (this.#readsReplies) return;
    this.#readsReplies = true;
    const readReplies = (data: Buffer): void => {
      if (!data.includes('unsubscribe')) return;
      const replies = data.toString('latin1');
      const none = endsLastSubscription(replies);
      if (none) this.#subscribed = false;
      this.#unsubscribes = Math.max(0, this.#unsubscribes - unsubscribeReplies(replies));
      if (none && this.#unsubscribes === 0) {
        this.#readsReplies = false;
        this.socket.off('data', readReplies);
      }
      this.#observer.authMayBePossible(none);
    };
    this.socket.on('data', readReplies);
  }
}

type Emit = (this: Socket, event: string | symbol, ...args: unknown[]) => boolean;

/** `see` is given the next data that `socket` receives, before anybody who reads it; what it returns is read in its place. */
function replaceNextData(socket: Socket, see: (data: Buffer) => Buffer | undefined): void {
  const { emit } = socket as unknown as { emit: Emit };
  let isNext = true;
  const emitSeen: Emit = (event, ...args) => {
    if (event !== 'data' || !isNext) return emit.call(socket, event, ...args);
    isNext = false;
    if (socket.emit === emitSeen) socket.emit = emit;
    const [data] = args as [Buffer];
    return emit.call(socket, 'data', see(data) ?? data);
  };
  socket.emit = emitSeen;
}
