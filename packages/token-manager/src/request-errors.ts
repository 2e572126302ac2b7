import { EntraRedisError } from './errors.ts';

const own = (error: unknown): error is EntraRedisError =>
  error instanceof EntraRedisError || (error as { name?: unknown } | undefined)?.name === 'EntraRedisError';

export function requestTimeout(timeoutMs: number): EntraRedisError {
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_TIMEOUT',
    `The identity provider did not answer within ${timeoutMs} ms. Check that it can be reached from here (proxy, firewall, ` +
      'private network), or raise requestTimeoutMs.',
  );
}

/** What a caller and an event are told of a failed request. */
export function requestFailure(error: unknown, permanent: boolean): EntraRedisError {
  if (own(error)) return new EntraRedisError(error.code, error.message, { cause: error.cause });
  const said = String((error as { message?: unknown } | undefined)?.message ?? error)
    .split('\n')[0]
    ?.replace(/[.\s]*$/, '.');
  const advice = permanent
    ? 'It will answer the same until its configuration changes: check client id, tenant, secret or certificate, and scope.'
    : 'Check that the identity provider can be reached from here and that the credential is configured for this environment.';
  return new EntraRedisError('ERR_TOKEN_REQUEST_FAILED', `No token from the identity provider: ${said} ${advice}`, {
    cause: error,
  });
}
