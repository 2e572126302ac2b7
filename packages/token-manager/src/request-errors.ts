import { EntraRedisError, messageOf } from './errors.ts';

const own = (error: unknown): error is EntraRedisError =>
  (error as { name?: unknown } | undefined | null)?.name === 'EntraRedisError';

export function requestTimeout(timeoutMs: number): EntraRedisError {
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_TIMEOUT',
    `The identity provider did not answer within ${timeoutMs} ms. Check that it can be reached from here (proxy, firewall, ` +
      'private network), or raise requestTimeoutMs.',
  );
}

/** A JWT begins with `{"`, in base64url. What follows its first dot is payload. */
const jwts = /eyJ[\w-]*\.[\w-]+(?:\.[\w-]*)?/g;

const withoutTokens = (text: string): string => text.replace(jwts, '<token>');

/** The provider's error itself, or, where a token stands anywhere in it, what can be told of it. */
function safeCause(error: unknown): unknown {
  // Not imported: an ES module's import of node:util takes several times as long as all of this package.
  const { inspect } = process.getBuiltinModule('node:util');
  const shown = inspect(error, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });
  if (withoutTokens(shown) === shown) return error;
  const { name } = error as { name?: unknown };
  const clean = new Error(withoutTokens(messageOf(error) ?? 'it gave no reason'));
  if (typeof name === 'string') clean.name = withoutTokens(name);
  return clean;
}

/** What a caller and an event are told of a failed request. A provider of the user's own may quote a token in its errors. */
export function requestFailure(error: unknown, permanent: boolean): EntraRedisError {
  try {
    return told(error, permanent);
  } catch {
    // An error that throws while it is looked at must not end the manager.
    return told(undefined, permanent);
  }
}

function told(error: unknown, permanent: boolean): EntraRedisError {
  if (own(error))
    return new EntraRedisError(error.code, withoutTokens(error.message), { cause: safeCause(error.cause) });
  // MSAL puts a colon where it knows no name of the error.
  const [said] = withoutTokens(messageOf(error) ?? 'it gave no reason')
    .replace(/^[:\s]+/, '')
    .split('\n') as [string];
  const advice = permanent
    ? 'It will answer the same until its configuration changes: check client id, tenant, secret or certificate, and scope.'
    : 'Check that the identity provider can be reached from here and that the credential is configured for this environment.';
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_FAILED',
    `No token from the identity provider: ${said.replace(/[.\s]*$/, '.')} ${advice}`,
    {
      cause: safeCause(error),
    },
  );
}
