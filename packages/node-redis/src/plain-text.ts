import type { Socket } from 'node:net';
import { isLoopback } from '@entra-redis/token-manager';
import { plainText } from './errors.ts';

/** Loopback and Unix sockets stay on this machine: they are let through. */
export function assertEncrypted(socket: Socket): void {
  const { remoteAddress, remotePort } = socket;
  if ('encrypted' in socket || remoteAddress === undefined || isLoopback(remoteAddress)) return;
  throw plainText(`${remoteAddress}:${remotePort}`);
}
