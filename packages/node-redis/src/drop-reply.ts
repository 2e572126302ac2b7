import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';

const CRLF = '\r\n';

/** Where the RESP frame that begins at `start` ends; undefined while it is not all there. */
function frameEnd(bytes: Buffer, start: number): number | undefined {
  let position = start;
  for (let due = 1; due > 0; due -= 1) {
    const lineEnd = bytes.indexOf(CRLF, position);
    if (lineEnd < 0) return undefined;
    const type = String.fromCharCode(bytes[position] ?? 0);
    const size = Math.max(0, Number(bytes.toString('latin1', position + 1, lineEnd)));
    position = lineEnd + CRLF.length;
    if ('$!='.includes(type)) position += bytes[lineEnd - 2] === 0x2d ? 0 : size + CRLF.length;
    else if ('*~>'.includes(type)) due += size;
    else if (type === '%') due += size * 2;
  }
  return position <= bytes.length ? position : undefined;
}

/** `bytes` without the first reply in them; pushes before it stay. Undefined while that reply is not all there. */
function withoutFirstReply(bytes: Buffer): Buffer | undefined {
  let start = 0;
  for (;;) {
    const end = frameEnd(bytes, start);
    if (end === undefined) return undefined;
    if (bytes[start] !== 0x3e) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    start = end;
  }
}

/** Nobody who reads `socket` sees the next reply on it. */
export function dropNextReply(socket: Socket): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  let held: Buffer = Buffer.alloc(0);
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...args);
    held = Buffer.concat([held, args[0] as Buffer]);
    const rest = withoutFirstReply(held);
    if (rest === undefined) return true;
    socket.emit = emit;
    return rest.length === 0 || emit('data', rest);
  };
}
