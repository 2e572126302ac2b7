import type { Socket } from 'node:net';
import { CONNECT } from '../policy/faults.ts';
import { encodeReply } from '../resp/encode.ts';
import { ProtocolError } from '../resp/limits.ts';
import { error, type Reply } from '../resp/reply.ts';
import { RequestParser } from '../resp/request-parser.ts';
import { describeReply } from '../timeline/describe-reply.ts';
import { showArgs } from '../timeline/secrets.ts';
import type { CacheFault } from '../types.ts';
import type { Args } from './args.ts';
import { dispatch } from './dispatch.ts';
import { type CacheNode, noReply, type Outcome, Session, type SessionOutput } from './model.ts';

/** Unread requests of a busy connection beyond which we stop reading; unsent replies beyond which we stop answering. */
const highWaterBytes = 1024 * 1024;
/** A client that does not read what it subscribed to is disconnected: `client-output-buffer-limit pubsub` of Redis. */
const outputLimitBytes = 32 * 1024 * 1024;

type Fault = CacheFault['action'];

/** The socket of one client: reads requests, keeps their order, writes replies. */
export class Connection implements SessionOutput {
  readonly session: Session;
  readonly #node: CacheNode;
  readonly #socket: Socket;
  readonly #parser = new RequestParser();
  /** A command is being answered elsewhere (verification, block, delay): the next one waits. */
  #busy = false;
  #running = false;
  #closing: string | undefined;
  #closed = false;
  #faultTimer: NodeJS.Timeout | undefined;

  constructor(node: CacheNode, socket: Socket) {
    this.#node = node;
    this.#socket = socket;
    const id = node.context.nextConnectionId();
    const login = node.context.policy.connection(() => {
      node.record(id, { event: 'expired' });
      this.close('token expired');
    });
    this.session = new Session({
      id,
      node,
      login,
      output: this,
      address: `${socket.remoteAddress}:${socket.remotePort}`,
    });
    node.sessions.set(id, this.session);
    node.record(id, { event: 'open' });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('drain', () => this.#run());
    // What breaks a socket also closes it, and `close` tells the timeline.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
    socket.resume();
    const fault = node.takeFault(id, [CONNECT]);
    if (fault !== undefined) this.#meet(fault, []);
  }

  send(reply: Reply): void {
    if (this.#closed) return;
    if (this.#node.context.recordCommands) this.#record('push', reply);
    this.#write(reply);
    if (this.#socket.writableLength > outputLimitBytes) this.close('output buffer limit');
  }

  answer(reply: Reply): void {
    if (this.#closed) return;
    this.#busy = false;
    this.#finish(reply);
    queueMicrotask(() => this.#run());
  }

  close(reason: string, options: { readonly flush: boolean } = { flush: false }): void {
    if (this.#closed) return;
    this.#closing ??= reason;
    if (options.flush) {
      if (!this.#running) this.#socket.end();
      return;
    }
    this.#socket.destroy();
    // As in Redis, the next command of anybody finds it gone.
    this.#end();
  }

  #receive(chunk: Buffer): void {
    if (this.#closing !== undefined) return;
    this.#parser.push(chunk);
    this.#run();
    if (this.#stuck && this.#parser.buffered > highWaterBytes) this.#socket.pause();
  }

  /** The next command has to wait, for the answer to this one or for the client to read. */
  get #stuck(): boolean {
    return this.#busy || this.#socket.writableLength >= highWaterBytes;
  }

  /** Answers what has arrived, as long as nothing holds the connection up. */
  #run(): void {
    if (this.#running || this.#closed) return;
    this.#running = true;
    this.#socket.cork();
    try {
      while (!this.#stuck && this.#closing === undefined) {
        this.#parser.authenticated = !this.session.needsLogin;
        const request = this.#parser.next();
        if (request === undefined) break;
        this.#handle(request.args);
      }
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown;
      this.#write(error(`ERR ${thrown.message}`));
      this.#closing = thrown.message;
    } finally {
      this.#running = false;
      this.#socket.uncork();
    }
    if (this.#closing !== undefined) this.#socket.end();
    else if (!this.#stuck && this.#socket.isPaused()) this.#socket.resume();
  }

  #handle(args: Args): void {
    const { id } = this.session;
    if (this.#node.context.recordCommands) this.#node.record(id, { event: 'command', args: showArgs(args) });
    const words = args.slice(0, 2).map((word) => word.toString('latin1', 0, 64).toUpperCase());
    const fault = this.#node.takeFault(id, words);
    if (fault === undefined) this.#execute(args);
    else this.#meet(fault, args);
  }

  #execute(args: Args, truncateTo?: number): void {
    const outcome = dispatch(this.session, args);
    if (!(outcome instanceof Promise)) {
      this.#finish(outcome, truncateTo);
      return;
    }
    this.#busy = true;
    void this.#finishLater(outcome, truncateTo);
  }

  async #finishLater(outcome: Promise<Outcome>, truncateTo?: number): Promise<void> {
    const late = await outcome;
    this.#busy = false;
    if (this.#closed) return;
    this.#finish(late, truncateTo);
    this.#run();
  }

  #finish(outcome: Outcome, truncateTo?: number): void {
    const { session } = this;
    if (session.waiter !== undefined) this.#busy = true;
    for (const reply of repliesOf(outcome)) {
      if (this.#node.context.recordCommands) this.#record('reply', reply);
      this.#write(reply, truncateTo);
    }
    if (truncateTo !== undefined) this.close('truncated frame', { flush: true });
    session.keyspace.settle();
    if (this.#closing !== undefined && !this.#running) this.#socket.end();
  }

  #meet(fault: Fault, args: Args): void {
    this.#node.record(this.session.id, { event: 'fault', text: fault.kind });
    switch (fault.kind) {
      case 'error':
        this.#finish(error(fault.message));
        break;
      case 'cut':
        if (fault.after === true) dispatchQuietly(this.session, args);
        this.close('fault');
        break;
      case 'hang':
        this.#busy = true;
        break;
      case 'truncate':
        this.#execute(args, fault.bytes);
        break;
      case 'delay':
        this.#busy = true;
        this.#faultTimer = setTimeout(() => this.#goOn(args), fault.delayMs).unref();
        break;
      case 'hold': {
        this.#busy = true;
        const goOn = (): void => this.#goOn(args);
        fault.until.then(goOn, goOn);
      }
    }
  }

  #goOn(args: Args): void {
    if (this.#closed) return;
    this.#busy = false;
    if (args.length > 0) this.#execute(args);
    this.#run();
  }

  #write(reply: Reply, truncateTo?: number): void {
    if (this.#closed || !this.#socket.writable) return;
    this.#socket.write(encodeReply(reply, this.session.resp).subarray(0, truncateTo));
  }

  #record(event: 'reply' | 'push', reply: Reply): void {
    this.#node.record(this.session.id, { event, text: describeReply(reply) });
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#faultTimer);
    const { session } = this;
    session.login.close();
    session.waiter?.cancel();
    this.#node.pubsub.removeAll(session);
    this.#node.sessions.delete(session.id);
    this.#node.record(session.id, { event: 'close', text: this.#closing ?? 'by the client' });
  }
}

function repliesOf(outcome: Outcome): readonly Reply[] {
  if (outcome === noReply) return [];
  if (outcome !== null && typeof outcome === 'object' && 'replies' in outcome) return outcome.replies;
  return [outcome];
}

/** Carries a command out although nobody will hear of it. */
function dispatchQuietly(session: Session, args: Args): void {
  if (args.length === 0) return;
  void dispatch(session, args);
  session.waiter?.cancel();
  session.keyspace.settle();
}
