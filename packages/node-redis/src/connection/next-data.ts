import type { Socket } from 'node:net';

type Emit = (this: Socket, event: string | symbol, ...args: unknown[]) => boolean;

/** `see` is given the next data that `socket` receives, before anybody who reads it; what it returns is read in its place. */
export function replaceNextData(socket: Socket, see: (data: Buffer) => Buffer | undefined): void {
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
