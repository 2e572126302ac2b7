import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsIdentity } from '@entra-redis/emulator';
import { type Reply, ReplyDecoder } from '@entra-redis/emulator/resp';

export interface FakeServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The bytes to answer a command with; undefined: none, for ever. */
export type Answer = (command: string, args: readonly string[], socket: Socket) => string | undefined;

/** A server that says whatever a test wants it to: for what the emulator cannot act. */
export async function startFakeServer(answer: Answer, tls?: TlsIdentity): Promise<FakeServer> {
  const serve = (socket: Socket): void => {
    // A request is an array of bulk strings, as a reply may be.
    const decoder = new ReplyDecoder();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      decoder.push(chunk);
      for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
        const words = (next.reply as readonly Reply[]).map(String);
        const bytes = answer((words[0] ?? '').toUpperCase(), words.slice(1), socket);
        if (bytes !== undefined) socket.write(bytes);
      }
    });
  };
  return await listening(
    tls === undefined ? createServer(serve) : createTlsServer({ key: tls.key, cert: tls.cert }, serve),
  );
}

/** A server that does as it likes with a connection. */
export async function startRawServer(serve: (socket: Socket) => void): Promise<FakeServer> {
  return await listening(createServer(serve));
}

async function listening(server: Server): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
