import type { Socket } from 'node:net';
import { EntraRedisError } from '@entra-redis/token-manager';

const loopback = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1|localhost)$/i;

export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

export function plainTextError(address: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    `A token would be sent in plain text to ${address}. Use rediss:// or socket: { tls: true }, or allow it with ` +
      'allowPlainText: true where something else encrypts the connection.',
  );
}

/** Loopback and Unix sockets stay on this machine: they are let through. */
export function assertEncrypted(socket: Socket): void {
  const { remoteAddress, remotePort } = socket;
  if ('encrypted' in socket || remoteAddress === undefined || isLoopback(remoteAddress)) return;
  throw plainTextError(`${remoteAddress}:${remotePort}`);
}
