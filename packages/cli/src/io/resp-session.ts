import type { Socket } from 'node:net';
import { encodeCommand, isTyped, type Reply, ReplyDecoder } from '@entra-redis/emulator/resp';

/** A command got no reply. `closed`: by the server; `timeout`: none in time; `not-redis`: the answer is not RESP. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
  readonly code: 'closed' | 'timeout' | 'not-redis';

  constructor(code: NoReply['code']) {
    super(code);
    this.code = code;
  }
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: NoReply): void;
}

/** A connection that sends one command after the other; pushes are passed over. It is of no more use after a `NoReply`. */
export class RespSession {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #decoder: ReplyDecoder = new ReplyDecoder();
  #waiting: Waiting | undefined;
  #ended: NoReply | undefined;
  /** An answer to nothing, such as that there are too many clients: it explains what comes next. */
  #unasked: Reply | undefined;

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => this.#end('closed'));
    socket.on('close', () => this.#end('closed'));
  }

  /** The reply, which may be an error of the server. Rejects with `NoReply`. */
  async send(...args: readonly string[]): Promise<Reply> {
    const unasked = this.#unasked;
    this.#unasked = undefined;
    if (unasked !== undefined) return unasked;
    if (this.#ended !== undefined) throw this.#ended;
    const timer = setTimeout(() => this.#end('timeout'), this.#timeoutMs);
    try {
      return await new Promise<Reply>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#socket.write(encodeCommand(args));
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  close(): void {
    this.#end('closed');
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk);
    try {
      for (let decoded = this.#decoder.next(); decoded !== undefined; decoded = this.#decoder.next()) {
        const { reply } = decoded;
        if (isTyped(reply) && reply.type === 'push') continue;
        if (this.#waiting === undefined) this.#unasked = reply;
        else this.#waiting.resolve(reply);
      }
    } catch {
      this.#end('not-redis');
    }
  }

  #end(code: NoReply['code']): void {
    this.#ended ??= new NoReply(code);
    this.#waiting?.reject(this.#ended);
    this.#socket.destroy();
  }
}

/** The text of a simple, bulk or verbatim string; undefined for other replies. */
export function textOf(reply: Reply | undefined): string | undefined {
  if (typeof reply === 'string') return reply;
  if (Buffer.isBuffer(reply)) return reply.toString('utf8');
  if (reply === undefined || !isTyped(reply)) return undefined;
  return reply.type === 'simple' || reply.type === 'verbatim' ? reply.text : undefined;
}

/** The fields of a map, or of the flat array that RESP2 has instead. */
export function fieldsOf(reply: Reply): ReadonlyMap<string, Reply> {
  const fields = new Map<string, Reply>();
  if (isTyped(reply) && reply.type === 'map') {
    for (const [key, value] of reply.entries) fields.set(textOf(key) ?? '', value);
  } else if (Array.isArray(reply)) {
    for (let index = 0; index + 1 < reply.length; index += 2) fields.set(textOf(reply[index]) ?? '', reply[index + 1]);
  }
  return fields;
}
