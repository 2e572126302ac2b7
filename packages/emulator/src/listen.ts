import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsIdentity } from './types.ts';

/** An open port. */
export interface Listening {
  readonly port: number;
  /** Closes the port and every connection at once, also one whose handshake never ends. */
  close(): Promise<void>;
}

/** Opens a port (0: a free one). Rejects with the system's error where it cannot. */
export async function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // What breaks a socket also closes it.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return closing;
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** The first byte of a TLS handshake: https://www.rfc-editor.org/rfc/rfc8446#section-5.1. */
const handshake = 0x16;

/** Hands a new connection to one of two servers, by what the client begins with. */
export function splitByProtocol(
  socket: Socket,
  { tls, plain }: { readonly tls: (socket: Socket) => void; readonly plain: (socket: Socket) => void },
): void {
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    // A server for TLS reads what has arrived by itself, from the paused socket.
    if (chunk[0] === handshake) return tls(socket);
    plain(socket);
    socket.resume();
  });
}

/** What a client is answered that speaks plain text where TLS is spoken; without it, it would see no more than `write EPIPE`. */
export const plainTextRefusal = 'ERR this port speaks TLS: use rediss://, or tls: {} in the options of ioredis';

/**
 * A server for clients of Redis. With an identity it speaks TLS, and tells a client that does not; `onPlainText` learns of it.
 * `allowHalfOpen`: a client may end its side, and is still answered.
 */
export function createRedisServer(options: {
  readonly tls: TlsIdentity | undefined;
  readonly allowHalfOpen?: boolean;
  readonly accept: (socket: Socket) => void;
  readonly onPlainText: () => void;
}): Server {
  const { tls, allowHalfOpen = false, accept, onPlainText } = options;
  // Paused: the acceptor of a connection may have to wait before it reads.
  if (tls === undefined) return createServer({ allowHalfOpen, pauseOnConnect: true }, accept);
  const secure = createTlsServer({ key: tls.key, cert: tls.cert, allowHalfOpen }, accept);
  secure.on('tlsClientError', () => undefined);
  const refuse = (socket: Socket): void => {
    socket.end(`-${plainTextRefusal}\r\n`);
    onPlainText();
  };
  const accepted = (socket: Socket): void => void secure.emit('connection', socket);
  return createServer({ allowHalfOpen }, (socket) => splitByProtocol(socket, { tls: accepted, plain: refuse }));
}
