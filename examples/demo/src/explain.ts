import type { DemoOptions } from './options.ts';

interface Coded {
  code?: string;
  name?: string;
  message?: string;
  port?: number;
  cause?: unknown;
}

/** The error's own words and those of its causes, in one line. */
function words(error: unknown, depth = 0): string {
  const { message, cause } = (error ?? {}) as Coded;
  const own = (message || String(error)).split('\n')[0] ?? '';
  if (cause === undefined || depth === 2) return own;
  const below = words(cause, depth + 1);
  return own.includes(below) ? own : `${own} (${below})`;
}

/** One clear sentence for what ended the demo: where an option brought it about, it names the option. */
export function explain(error: unknown, options: Partial<DemoOptions> = {}): string {
  const { code, port, cause } = (error ?? {}) as Coded;
  if (code === 'EADDRINUSE')
    return `port ${port} is in use: choose another with --port, or leave it out for a free one.`;
  if (options.credential === 'environment' && (cause as Coded | undefined)?.name === 'CredentialUnavailableError')
    return 'no credential in the environment: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or leave out --credential.';
  if (options.authority !== undefined && code?.startsWith('ERR_TOKEN_'))
    return `${options.authority} gave no token: check --authority, or leave it out for the local Entra (${words(cause ?? error)})`;
  return words(error);
}
