import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressOf } from '../addresses.ts';
import { encodeCommand } from '../resp/encode.ts';
import { ReplyDecoder } from '../resp/reply-decoder.ts';
import { errorText, type Reply } from '../resp/reply.ts';
import type { GateOptions } from '../types.ts';

export type UpstreamAddress = GateOptions['upstream'];

export interface Upstream {
  readonly socket: Socket;
  /** CLIENT ID that the server gave this connection: the client will see the same. */
  readonly id: number;
}

/** An upstream whose `default` user has no password takes any: what it answers then depends on the connection's state alone. */
const anyPassword = 'accepted-by-the-gate';
/** A server that takes longer is none. */
const answerTimeoutMs = 10_000;

/** What the upstream accepts. */
export function upstreamLogin({ username, password }: UpstreamAddress): readonly [string, string] {
  return [username ?? 'default', password ?? anyPassword];
}

/** Opens a connection and asks for its CLIENT ID; `onDial` gets the socket at once. Rejects with a sentence for people. */
export async function openUpstream(
  address: UpstreamAddress,
  onDial: (socket: Socket) => void = () => undefined,
): Promise<Upstream> {
  const socket = dial(address);
  onDial(socket);
  socket.setNoDelay(true);
  try {
    if (address.password !== undefined) await logIn(socket, address);
    const id = await ask(socket, ['CLIENT', 'ID']);
    if (typeof id !== 'number') throw new Error(refusal(id));
    return { socket, id };
  } catch (cause) {
    socket.destroy();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The gate reached no usable Redis at ${addressOf(address)} (${why}): check host, port and password of the upstream`,
      { cause },
    );
  }
}

/** Opens a connection for these commands, and answers what the server replied to each. */
export async function askUpstream(
  address: UpstreamAddress,
  commands: readonly (readonly string[])[],
): Promise<Reply[]> {
  const { socket } = await openUpstream(address);
  try {
    const replies: Reply[] = [];
    for (const command of commands) replies.push(await ask(socket, command));
    return replies;
  } finally {
    socket.destroy();
  }
}

/** Rejects unless a gate can be put in front of the server at `address`. Answers what the server says of its commands, where that is wanted. */
export async function checkUpstream(address: UpstreamAddress, wantsCommands: boolean): Promise<Reply> {
  const { socket } = await openUpstream(address);
  try {
    const reply = await ask(socket, ['AUTH', ...upstreamLogin(address)]);
    if (errorText(reply) === undefined) return wantsCommands ? await ask(socket, ['COMMAND']) : null;
    throw new Error(
      `The gate needs the password of the upstream, or a Redis at ${addressOf(address)} whose user "default" has no password (nopass): ${refusal(reply)}`,
    );
  } finally {
    socket.destroy();
  }
}

async function logIn(socket: Socket, address: UpstreamAddress): Promise<void> {
  const reply = await ask(socket, ['AUTH', ...upstreamLogin(address)]);
  if (errorText(reply) !== undefined) throw new Error(refusal(reply));
}

function dial(address: UpstreamAddress): Socket {
  const { host, port, tls } = address;
  if (tls === undefined) return connect({ host, port });
  return connectTls({
    host,
    port,
    ca: tls.ca,
    ...(tls.servername !== undefined && { servername: tls.servername }),
  });
}

/** The one reply to a command, of a connection where no other is awaited. */
function ask(socket: Socket, args: readonly string[]): Promise<Reply> {
  const decoder = new ReplyDecoder();
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      socket.off('data', receive).off('error', fail).off('close', fail).off('timeout', giveUp).setTimeout(0);
      socket.pause();
      settle();
    };
    const fail = (cause?: unknown): void =>
      done(() => reject(cause instanceof Error ? cause : new Error('it closed the connection')));
    const giveUp = (): void => fail(new Error(`no answer within ${answerTimeoutMs} ms`));
    const receive = (chunk: Buffer): void => {
      try {
        decoder.push(chunk);
        const next = decoder.next();
        if (next !== undefined) done(() => resolve(next.reply));
      } catch (cause) {
        fail(cause);
      }
    };
    socket.setTimeout(answerTimeoutMs, giveUp);
    socket.on('data', receive).once('error', fail).once('close', fail);
    socket.resume();
    socket.write(encodeCommand(args));
  });
}

function refusal(reply: Reply): string {
  return errorText(reply) ?? 'it does not answer as Redis does';
}
