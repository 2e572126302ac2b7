import type { Socket } from 'node:net';
import type { ConnectionLogin } from '../policy/auth-policy.ts';
import { CONNECT } from '../policy/faults.ts';
import {
  isMaintenanceSubscription,
  type MaintainedConnection,
  type MovingEndpointType,
  subscribeToMaintenance,
} from '../policy/maintenance.ts';
import { ProtocolError } from '../resp/limits.ts';
import { error, type Reply } from '../resp/reply.ts';
import { digest, showArgs } from '../timeline/secrets.ts';
import type { CacheFault, ConnectionState, WireEntry } from '../types.ts';
import { type ConnectionOfGate, type GateContext, record } from './context.ts';
import type { Expected } from './expected.ts';
import { commandsIn, describe, recordRun, repliesIn, type RunReader } from './record-run.ts';
import { ReplyRelay } from './relay.ts';
import { RequestRelay } from './requests.ts';
import { type Upstream, upstreamLogin } from './upstream.ts';

/** Bytes waiting on one side beyond which nothing more is read from the other. */
const highWaterBytes = 1024 * 1024;

/** A client and its own connection to the upstream: moves bytes both ways, and ends both together. */
export class GateConnection implements ConnectionOfGate {
  readonly id: number;
  readonly #context: GateContext;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #login: ConnectionLogin;
  readonly #replies: ReplyRelay;
  readonly #requests: RequestRelay;
  #name = '';
  #maintenance: MovingEndpointType | undefined;
  #clientEnded = false;
  #quit = false;
  #closed = false;

  constructor(context: GateContext, client: Socket, upstream: Upstream) {
    this.id = upstream.id;
    this.#context = context;
    this.#client = client;
    this.#upstream = upstream.socket;
    this.#login = context.policy.connection(() => {
      this.#record({ event: 'expired' });
      this.close('token expired');
    });
    this.#replies = new ReplyRelay(this.#replyListener(), context.rewrite);
    this.#requests = new RequestRelay(this.#login, this.#replies, {
      open: context.open,
      isForbidden: context.readerRules,
      upstreamLogin: upstreamLogin(context.upstream),
      onRequest: (words, args) => this.#onRequest(words, args),
      answerTo: (words, args) => this.#answerTo(words, args),
      onRun: (bytes, count) => this.#recordRun(commandsIn, bytes, count),
      isFaultless: () => context.faults.empty,
      onLogin: (expected, accepted) => this.#onLogin(expected, accepted),
      onProgress: () => this.#move(),
    });
    context.connections.add(this);
    this.#record({ event: 'open' });
    this.#listen();
    const fault = context.faults.take(this.id, [CONNECT]);
    if (fault === undefined) return;
    this.#record({ event: 'fault', text: fault.kind });
    this.#requests.meet(fault);
    this.#move();
  }

  get state(): ConnectionState {
    const { username, expiresAt } = this.#login.current ?? {};
    return { id: this.id, name: this.#name, username, expiresAt, subscriber: this.#replies.state.subscriber };
  }

  /** This connection as maintenance sees it; clients know the gate by `address`. */
  maintained(address: { readonly host: string; readonly port: number }): MaintainedConnection {
    return {
      ...address,
      wants: this.#replies.state.resp === 3 ? this.#maintenance : undefined,
      send: (reply) => {
        this.#replies.push(reply);
        this.#move();
      },
      close: (reason) => this.close(reason),
    };
  }

  /** Ends both sides: at once, or once what the client is owed has left. */
  close(reason: string, options: { readonly flush: boolean } = { flush: false }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#login.close();
    this.#requests.close();
    this.#context.connections.delete(this);
    this.#upstream.destroy();
    write(this.#client, this.#replies.take());
    if (options.flush) this.#client.destroySoon();
    else this.#client.destroy();
    this.#record({ event: 'close', text: reason });
  }

  #listen(): void {
    const [client, upstream] = [this.#client, this.#upstream];
    client.setNoDelay(true);
    client.on('data', (chunk) => this.#guard(() => this.#requests.receive(chunk)));
    upstream.on('data', (chunk) => this.#guard(() => this.#replies.receive(chunk)));
    client.on('drain', () => this.#move());
    upstream.on('drain', () => this.#move());
    client.on('end', () => {
      this.#clientEnded = true;
      this.#move();
    });
    upstream.on('end', () => this.close(this.#quit ? 'QUIT' : 'by the upstream', { flush: true }));
    // What breaks a socket also closes it.
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => this.close('by the client'));
    upstream.on('close', () => this.close('by the upstream', { flush: true }));
    client.resume();
    upstream.resume();
  }

  #guard(task: () => void): void {
    if (this.#closed) return;
    try {
      task();
      this.#move();
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown;
      this.close('the upstream does not speak RESP', { flush: true });
    }
  }

  /** Writes what is ready for either side, and lets each be read as fast as the other one writes. */
  #move(): void {
    if (this.#closed) return;
    this.#requests.run();
    if (this.#closed) return;
    write(this.#upstream, this.#requests.take());
    write(this.#client, this.#replies.take());
    setFlowing(this.#upstream, this.#client.writableLength < highWaterBytes);
    const waiting = this.#upstream.writableLength + (this.#requests.idle ? 0 : this.#requests.buffered);
    setFlowing(this.#client, waiting < highWaterBytes);
    if (this.#clientEnded && this.#requests.idle && !this.#upstream.writableEnded) this.#upstream.end();
  }

  #replyListener(): ConstructorParameters<typeof ReplyRelay>[0] {
    return {
      onReply: this.#context.recordCommands
        ? (event, reply) => this.#record({ event, text: describe(event, reply) })
        : undefined,
      onRun: (bytes, count) => this.#recordRun(repliesIn, bytes, count),
      onLogin: (expected, accepted) => this.#onLogin(expected, accepted),
      onName: (name) => {
        this.#name = name;
      },
      onReset: () => {
        this.#name = '';
        this.#maintenance = undefined;
        this.#login.logout();
      },
      onEnd: (reason, flush) => this.close(reason, { flush }),
    };
  }

  #onRequest(words: readonly string[], args: readonly Buffer[]): CacheFault['action'] | undefined {
    if (this.#context.recordCommands) this.#record({ event: 'command', args: showArgs(args) });
    if (words[0] === 'QUIT') this.#quit = true;
    const fault = this.#context.faults.take(this.id, words);
    if (fault !== undefined) this.#record({ event: 'fault', text: fault.kind });
    return fault;
  }

  #answerTo(words: readonly string[], args: readonly Buffer[]): Reply | undefined {
    if (words[0] === 'SYNC' || words[0] === 'PSYNC') return error('ERR the gate forwards no replication');
    if (!this.#context.maintenanceNotifications || !isMaintenanceSubscription(words)) return undefined;
    const { reply, ...change } = subscribeToMaintenance(args, this.#replies.state.resp);
    if ('wants' in change) this.#maintenance = change.wants;
    return reply;
  }

  #onLogin({ attempt, login, reason }: Extract<Expected, { kind: 'login' }>, accepted: boolean): void {
    if (attempt === undefined) return;
    if (reason !== undefined) this.#record({ event: 'refused', text: reason });
    if (login === undefined || !accepted) return;
    const { username, expiresAt } = login;
    this.#record({
      event: 'login',
      login: { via: attempt.via, username, token: digest(attempt.password), expiresAt },
    });
    this.#login.accept(login);
  }

  #recordRun(read: RunReader, bytes: Buffer, count: number): void {
    if (this.#context.recordCommands) recordRun(this.#context, this.id, { read, bytes, count });
  }

  #record(entry: Omit<WireEntry, 'at' | 'connection' | 'node'>): void {
    record(this.#context, this.id, entry);
  }
}

function write(socket: Socket, pieces: readonly Buffer[]): void {
  if (pieces.length === 0 || !socket.writable) return;
  if (pieces.length > 1) socket.cork();
  for (const piece of pieces) socket.write(piece);
  if (pieces.length > 1) socket.uncork();
}

function setFlowing(socket: Socket, flowing: boolean): void {
  if (flowing === !socket.isPaused()) return;
  if (flowing) socket.resume();
  else socket.pause();
}
