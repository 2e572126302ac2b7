import { encodeReply } from '../resp/encode.ts';
import { error, isTyped, type Reply } from '../resp/reply.ts';
import { ReplyDecoder, type DecodedReply } from '../resp/reply-decoder.ts';
import { Batch } from './batch.ts';
import type { Expected, FaultAfterReply } from './expected.ts';
import { ReplyOrder, type Place } from './reply-order.ts';
import { fieldOf, isAccepted, ReplyState } from './reply-state.ts';
import { type Rewrite, rewriteRedirects, rewriteReply, rewriteSwitch } from './rewrite.ts';
import { scanReplies } from './scan-replies.ts';

/** What the relay reports about the replies that it passes on. */
export interface RelayListener {
  /** Undefined: nobody wants to know of every reply. */
  readonly onReply: ((kind: 'reply' | 'push', reply: Reply) => void) | undefined;
  /** So many ordinary replies have come in a row. */
  onRun(bytes: Buffer, count: number): void;
  /** The upstream has answered an AUTH or HELLO; `accepted` when it carried it out. */
  onLogin(expected: Extract<Expected, { kind: 'login' }>, accepted: boolean): void;
  onName(name: string): void;
  onReset(): void;
  /** A fault, or a broken protocol, ends the connection: once the bytes so far have left, or at once. */
  onEnd(reason: string, flush: boolean): void;
}

/** The way back: finds what each reply of the upstream answers, and passes its bytes on, with the gate's own replies between them. */
export class ReplyRelay {
  readonly order: ReplyOrder = new ReplyOrder();
  readonly state: ReplyState = new ReplyState();
  readonly #decoder = new ReplyDecoder({ keepRaw: true });
  readonly #out = new Batch();
  readonly #listener: RelayListener;
  readonly #rewrite: Rewrite | undefined;
  #ended = false;

  constructor(listener: RelayListener, rewrite: Rewrite | undefined) {
    this.#listener = listener;
    this.#rewrite = rewrite;
  }

  /** Bytes from the upstream. Throws a `ProtocolError` when they are no replies. */
  receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
    while (!this.#ended) {
      this.#passRun();
      const next = this.#decoder.next();
      if (next === undefined) return;
      this.#relay(next);
      this.settle();
    }
  }

  /** Sends the gate's own replies that are due. */
  settle(): void {
    for (let place = this.order.takeLocal(); place !== undefined && !this.#ended; place = this.order.takeLocal()) {
      if (place.reply !== undefined) {
        this.#listener.onReply?.('reply', place.reply);
        this.#out.add(encodeReply(place.reply, this.state.resp));
      }
      if (place.close !== undefined) this.#end(place.close, place.reply !== undefined);
    }
  }

  /** Adds a push of the gate's own. The bytes before it end with a whole reply. */
  push(reply: Reply): void {
    if (this.#ended) return;
    this.#listener.onReply?.('push', reply);
    this.#out.add(encodeReply(reply, this.state.resp));
  }

  /** What is to be written to the client. */
  take(): Buffer[] {
    return this.#out.take();
  }

  /** Ordinary replies are passed on without being decoded. */
  #passRun(): void {
    const { run } = this.order;
    if (run === 0 || !this.state.quiet) return;
    const bytes = this.#decoder.release();
    if (bytes === undefined) return;
    const { count, end } = scanReplies(bytes, run, this.#rewrite !== undefined);
    if (count > 0) {
      const replies = bytes.subarray(0, end);
      this.#listener.onRun(replies, count);
      this.order.shiftRun(count);
      this.#out.add(replies);
    }
    this.#decoder.push(bytes.subarray(end));
    this.settle();
  }

  #relay(decoded: DecodedReply): void {
    const { next } = this.order;
    const { reply } = decoded;
    if (this.state.isOutOfBand(reply, next)) {
      this.state.note(reply);
      this.#listener.onReply?.('push', reply);
      const changed = this.#rewrite && rewriteSwitch(reply, this.#rewrite);
      this.#out.addAll(changed === undefined ? decoded.raw : [encodeReply(changed, this.state.resp)]);
      return;
    }
    this.#listener.onReply?.('reply', next?.kind === 'refusal' ? error(next.text) : reply);
    const fault = this.#answer(next, reply);
    if (fault?.kind === 'cut') {
      this.#end('fault', false);
      return;
    }
    const bytes = this.#translate(next, decoded);
    if (fault === undefined) {
      this.#out.addAll(bytes);
    } else {
      this.#out.add(Buffer.concat(bytes).subarray(0, fault.bytes));
      this.#end('truncated frame', true);
    }
  }

  /** Takes the reply's place away, unless more replies belong there. */
  #answer(expected: Expected | undefined, reply: Reply): FaultAfterReply | undefined {
    if (expected?.kind === 'confirmations' && !this.state.confirm(reply, expected)) return undefined;
    const place: Place | undefined = this.order.shift();
    if (expected !== undefined) this.#learn(expected, reply);
    return place?.is === 'upstream' ? place.fault : undefined;
  }

  #learn(expected: Expected, reply: Reply): void {
    const accepted = isAccepted(reply);
    switch (expected.kind) {
      case 'login':
        if (accepted) this.#noteProtocol(reply);
        this.#listener.onLogin(expected, accepted);
        if (accepted && expected.name !== undefined) this.#listener.onName(expected.name);
        break;
      case 'name':
        if (accepted) this.#listener.onName(expected.name);
        break;
      case 'multi':
        if (accepted) this.state.inMulti = true;
        break;
      case 'exec': {
        const extra = this.state.endExec(reply);
        if (extra > 0) this.order.insertPlain(extra);
        break;
      }
      case 'discard':
        if (accepted) this.state.endMulti();
        break;
      case 'monitor':
        if (accepted) this.state.monitoring = true;
        break;
      case 'reset':
        if (accepted) this.state.reset();
        this.#listener.onReset();
        break;
      default:
    }
  }

  #noteProtocol(reply: Reply): void {
    const version = fieldOf(reply, 'proto');
    if (version === 2 || version === 3) this.state.resp = version;
  }

  #translate(expected: Expected | undefined, { reply, raw }: DecodedReply): readonly Buffer[] {
    if (expected?.kind === 'refusal') return [encodeReply(error(expected.text), this.state.resp)];
    if (expected?.kind === 'whoami' && Buffer.isBuffer(reply)) return [encodeReply(expected.username, this.state.resp)];
    if (this.#rewrite === undefined) return raw;
    let changed: Reply | undefined;
    if (expected?.kind === 'addresses') changed = rewriteReply(reply, expected.form, this.#rewrite);
    else if (expected?.kind === 'exec' || isTyped(reply)) changed = rewriteRedirects(reply, this.#rewrite);
    return changed === undefined ? raw : [encodeReply(changed, this.state.resp)];
  }

  #end(reason: string, flush: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.onEnd(reason, flush);
  }
}
