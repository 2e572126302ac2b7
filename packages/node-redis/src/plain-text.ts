import type { Socket } from 'node:net';
import { isLoopback } from '@entra-redis/token-manager';
import { plainText, unknownSocket } from './errors.ts';

/** Loopback and Unix sockets stay on this machine: they are let through. A socket that is not known may be anywhere. */
export function assertEncrypted(socket: Socket | undefined): asserts socket is Socket {
  if (socket === undefined) throw unknownSocket();
  const { remoteAddress, remotePort } = socket;
  if ('encrypted' in socket || remoteAddress === undefined || isLoopback(remoteAddress)) return;
  throw plainText(`${remoteAddress}:${remotePort}`);
}
