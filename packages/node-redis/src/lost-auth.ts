import { EntraRedisError } from '@entra-redis/token-manager';

/** Some errors of node-redis have no message (a command timeout of 6.x): their name then says what happened. */
export function withMessage(error: unknown): unknown {
  if (!(error instanceof Error) || error.message !== '') return error;
  return new Error(`${error.constructor.name} in the queue of the client`, { cause: error });
}

export function closedWhileWaiting(): EntraRedisError {
  return new EntraRedisError('ERR_AUTH_FAILED', 'The connection was closed while it waited for a token.');
}
