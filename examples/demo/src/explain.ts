interface Coded {
  code?: string;
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

/** One clear sentence for what ended the demo. */
export function explain(error: unknown): string {
  const { code, port } = (error ?? {}) as Coded;
  if (code === 'EADDRINUSE')
    return `port ${port} is in use: choose another with --port, or leave it out for a free one.`;
  return words(error);
}
