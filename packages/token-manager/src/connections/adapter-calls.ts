import type { Credentials } from '../tokens/credentials.ts';
import type { Connection, ConnectionIdentity } from './contract.ts';

/** The callbacks of an adapter, which are code of others: one that throws harms no other connection, and not the process. */

export function mayAuthenticate(connection: Connection): boolean {
  try {
    return connection.canAuthenticate();
  } catch {
    return false;
  }
}

export function authenticate(connection: Connection, credentials: Credentials): Promise<void> {
  try {
    return Promise.resolve(connection.authenticate(credentials));
  } catch (error) {
    return Promise.reject(error);
  }
}

export function tellDeadline(connection: Connection, credentials: Credentials): void {
  try {
    const result: unknown = connection.onDeadline?.(credentials);
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // The next deadline is still announced.
  }
}

/** Where the adapter does not say, an AUTH may be waiting for its turn. */
export function isBlocked(connection: Connection): boolean {
  try {
    return connection.isBlocked?.() ?? true;
  } catch {
    return true;
  }
}

export function identityOf(connection: Connection): ConnectionIdentity {
  try {
    return connection.identity;
  } catch {
    return { client: 'unknown' };
  }
}
