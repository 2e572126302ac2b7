import { inspect } from 'node:util';

/** All that a log line of the client could show. */
export function describeClient(client: object, options: unknown): string {
  const parts = [inspect(client, { depth: 10, showHidden: true })];
  try {
    parts.push(JSON.stringify(options) ?? '');
  } catch {
    // Options with cycles cannot be logged as JSON by anybody else either.
  }
  return parts.join('\n');
}

/** An error as a user sees it: message, code, and what hangs on it. */
export function describeError(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  return `${code ?? ''} ${message ?? String(error)}\n${inspect(error, { depth: 10, showHidden: true })}`;
}
