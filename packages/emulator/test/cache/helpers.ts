import { connect, type Socket } from 'node:net';
import { until } from '@entra-redis/test-support';
import { encodeCommand } from '../../src/resp/encode.ts';
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts';
import { isTyped, type Reply } from '../../src/resp/reply.ts';
import type { CacheServer, TokenVerifier, WireEntry } from '../../src/types.ts';

/** Accepts the password `secret` forever, and `secret:<epoch ms>` until then. */
export const passwords: TokenVerifier = {
  async verify(username, password) {
    const [word, expiresAt] = password.split(':');
    if (word !== 'secret') return { ok: false, reason: 'not the password of the tests' };
    return {
      ok: true,
      objectId: username,
      expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Number(expiresAt),
    };
  },
};

/** A bare client: sends what it is told, and hands out what comes in order. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>;
  readonly #decoder = new ReplyDecoder();
  readonly #replies: Reply[] = [];
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  #ended = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => this.#receive(chunk));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.#ended = true;
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection was closed'));
        resolve();
      });
    });
  }

  #receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#replies.push(next.reply);
      else waiting.resolve(next.reply);
    }
  }

  next(): Promise<Reply> {
    const ready = this.#replies.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#ended) return Promise.reject(new Error('the connection was closed'));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  write(...args: (string | Buffer)[]): void {
    this.socket.write(encodeCommand(args));
  }

  call(...args: (string | Buffer)[]): Promise<Reply> {
    this.write(...args);
    return this.next();
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Resolves when the server, asked by `observer`, says that the connection with this CLIENT ID waits in a blocking command. */
export async function untilBlocked(observer: RawClient, id: number): Promise<void> {
  const list = async (): Promise<string> => String(plain(await observer.call('CLIENT', 'LIST', 'ID', String(id))));
  await until(async () => / flags=\S*b/.test(await list()));
}

/** The same of a fake cache: what it was asked to do last is to wait. */
export async function untilBlocking(cache: CacheServer, id: number): Promise<void> {
  const blocks = ({ event, connection, args: [name] = [] }: WireEntry): boolean =>
    event === 'command' && connection === id && /^(B[LR]POP|XREAD)$/.test(name ?? '');
  await until(() => cache.timeline.entries.some(blocks));
}

/** A reply as plain data, bulk strings as text: what tests compare. */
export function plain(reply: Reply): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (reply === null || typeof reply !== 'object') return reply;
  if (!isTyped(reply)) return reply.map(plain);
  if (reply.type === 'simple') return `+${reply.text}`;
  if (reply.type === 'error') return `-${reply.text}`;
  if (reply.type === 'map') return new Map(reply.entries.map(([key, value]) => [plain(key), plain(value)]));
  if (reply.type === 'set') return new Set(reply.items.map(plain));
  if (reply.type === 'push') return { push: reply.items.map(plain) };
  return reply.type === 'null-array' ? null : reply;
}
