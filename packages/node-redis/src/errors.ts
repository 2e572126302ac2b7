import { EntraRedisError } from '@entra-redis/token-manager';

export function optionProblem(name: string, problem: string): EntraRedisError {
  return new EntraRedisError('ERR_INVALID_OPTION', `${name}: ${problem}`);
}

export function providerAsOptions(): EntraRedisError {
  return optionProblem(
    'options',
    'this is the credentials provider itself: write createClient({ url, credentialsProvider }); redis 4 takes withEntra() of ' +
      '@entra-redis/node-redis/v4',
  );
}

/** Options of withEntra() for 4.x met a client that the hook does not know. */
export function foreignClient(): EntraRedisError {
  return optionProblem(
    'options',
    'the options of withEntra() reached a client of another copy of redis 4 than the module given to withEntra(), or were copied deeply. ' +
      'Give it the module that makes the client, and pass on what it returns, or copy that by spread.',
  );
}

export function plainText(address: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    `A token would be sent in plain text to ${address}. Use rediss:// or socket: { tls: true }, or allow it with ` +
      'allowPlainText: true if something else encrypts the connection.',
  );
}

export function plainTextSentinel(host: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    `The sentinel ${host} would be asked in plain text for the server that the token goes to. Set sentinelClientOptions: { socket: { tls: true } }, ` +
      'or allow it with allowPlainText: true if something else encrypts the connection.',
  );
}

export function unknownSocket(): EntraRedisError {
  return new EntraRedisError(
    'ERR_PLAIN_TEXT',
    'The socket of this connection is not known, so a token might be sent in plain text. Pass entraCredentials(manager) itself ' +
      'as credentialsProvider, not a provider that waits before it asks this one. If the runtime does not announce its ' +
      'sockets, make sure they are encrypted, and set allowPlainText: true.',
  );
}

export function userInfoInUrl(path: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_USERINFO_IN_URL',
    `${path}.url has a user or password, which node-redis uses instead of the token. Take it out.`,
  );
}

export function maintenanceEnabled(): EntraRedisError {
  return optionProblem(
    'maintNotifications',
    "must not be 'enabled': once node-redis has followed a MOVING to another address, it never reconnects. Leave it out.",
  );
}

export function noProvider(place: string): EntraRedisError {
  return new EntraRedisError(
    'ERR_NODE_CREDENTIALS',
    `${place} must be made by entraCredentials(manager): without it there, connections would log in as the default user.`,
  );
}

export function closedWhileWaiting(): EntraRedisError {
  return new EntraRedisError('ERR_AUTH_FAILED', 'The connection was closed while it waited for a token.');
}

/** What is not known counts as lost: taken for accepted, the cache would cut the connection. */
export function answerUnknown(): EntraRedisError {
  return new EntraRedisError(
    'ERR_AUTH_FAILED',
    'It is not known whether the cache accepted this AUTH: node-redis caught no promise of it. Check what replaces Promise in this process.',
  );
}

export function gaveUp(refusals: number, cause: Error): EntraRedisError {
  const times = refusals === 1 ? 'once' : `${refusals} times in a row`;
  return new EntraRedisError(
    'ERR_AUTH_REFUSED',
    // It says what to check, and for which object id.
    `The cache refused the login ${times}: ${cause.message}`,
    { cause },
  );
}

/** Some errors of node-redis have no message (a command timeout of 6.x): their name then says what happened. */
export function withMessage(error: unknown): unknown {
  if (!(error instanceof Error) || error.message !== '') return error;
  const { name } = error.constructor;
  return Object.assign(new Error(`${name} in the queue of the client`, { cause: error }), { name });
}
