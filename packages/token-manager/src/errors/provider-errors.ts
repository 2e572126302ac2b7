import { EntraRedisError } from './errors.ts';
import { longestMessage, reasonOf, stackOf, withoutSecret, withoutTokens } from './redact.ts';

export function requestTimeout(timeoutMs: number): EntraRedisError {
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_TIMEOUT',
    `The identity provider did not answer within ${timeoutMs} ms. Check that it can be reached from here (proxy, firewall, ` +
      'private network), or raise requestTimeoutMs.',
  );
}

export function staleToken(endedAt: number): EntraRedisError {
  return new EntraRedisError(
    'ERR_TOKEN_INVALID',
    `The identity provider still returns the token that expired at ${new Date(endedAt).toISOString()}. Check the clock of this machine, ` +
      'which a cache of the provider may use.',
  );
}

/** What an HTTP client hangs on its errors (sockets, agents, buffers) takes longer to look through than a request takes. */
const mostValues = 300;
const deepest = 8;

/** How much a collection holds: the keys of a large one take as long as all the rest. */
function sizeOf(value: object): number {
  if (value instanceof Map || value instanceof Set) return value.size;
  return Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown[]).length : 0;
}

/** Whether all that is shown of an error can be looked through in a moment. */
function isSmall(error: unknown): boolean {
  let values = 0;
  let characters = 0;
  const isWithinLimits = (value: unknown, around: readonly unknown[]): boolean => {
    values += 1;
    characters += typeof value === 'string' ? value.length : 0;
    if (values > mostValues || characters > longestMessage) return false;
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || around.includes(value))
      return true;
    if (around.length >= deepest) return false;
    if (values + sizeOf(value) > mostValues) return false;
    const keys = Reflect.ownKeys(value);
    if (values + keys.length > mostValues) return false;
    const inside: unknown[] = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : [];
    for (const key of keys) inside.push(key, Reflect.getOwnPropertyDescriptor(value, key)?.value);
    return inside.every((each) => isWithinLimits(each, [...around, value]));
  };
  return isWithinLimits(error, []);
}

/** The provider's error itself, or, where a token stands anywhere in it, or it is too large, what may be shown of it. */
function safeCause(error: unknown, token: string): unknown {
  if (isSmall(error)) {
    // Not imported: an ES module's import of node:util takes several times as long as all of this package.
    const { inspect } = process.getBuiltinModule('node:util');
    const text = inspect(error, {
      depth: deepest,
      showHidden: true,
      // Loggers do not call it either.
      customInspect: false,
      maxStringLength: null,
      maxArrayLength: null,
    });
    if (withoutTokens(text, token) === text) return error;
  }
  return withoutSecret(error, token);
}

/**
 * What a caller and an event get of a failed request. A provider of the user's own may quote a token in its errors.
 *
 * @param token the current token, if any
 */
export function requestFailure(error: unknown, permanent: boolean, token = ''): EntraRedisError {
  try {
    return describeFailure(error, permanent, token);
  } catch {
    // An error that throws while it is looked at must not end the manager.
    return describeFailure(undefined, permanent, token);
  }
}

/** For one more caller: nobody's stack or listener is another's, and what is costly to find out is known. */
export const sameFailure = ({ code, message, cause }: EntraRedisError): EntraRedisError =>
  new EntraRedisError(code, message, { cause });

/**
 * For a caller that waited: the stack of the request, in which its own call never stands. To take it for each of a thousand callers costs
 * more than all the rest.
 */
export function failureOfRequest(failure: EntraRedisError): EntraRedisError {
  const { stackTraceLimit } = Error;
  // An assignment throws where a process has frozen it.
  const limitStacks = (limit: number): boolean => Reflect.set(Error, 'stackTraceLimit', limit);
  limitStacks(0);
  const same = sameFailure(failure);
  limitStacks(stackTraceLimit);
  same.stack = stackOf(failure);
  return same;
}

function describeFailure(error: unknown, permanent: boolean, token: string): EntraRedisError {
  if ((error as { name?: unknown } | undefined | null)?.name === 'EntraRedisError') {
    const { code, message, cause } = error as EntraRedisError;
    return new EntraRedisError(code, withoutTokens(message, token), { cause: safeCause(cause, token) });
  }
  // MSAL puts a colon where it knows no name of the error.
  const [said] = withoutTokens(reasonOf(error), token)
    .replace(/^[:\s]+/, '')
    .split('\n') as [string];
  const advice = permanent
    ? 'It will answer the same until its configuration changes: check client id, tenant, secret or certificate, and scope; of a managed identity, that it exists and is assigned.'
    : 'Check that the identity provider can be reached from here and that the credential is configured for this environment.';
  return new EntraRedisError(
    'ERR_TOKEN_REQUEST_FAILED',
    `No token from the identity provider: ${said.replace(/[.\s]*$/, '.')} ${advice}`,
    { cause: safeCause(error, token) },
  );
}
