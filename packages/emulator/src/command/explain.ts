/** One clear sentence for what ended the command. */
export function explain(error: unknown): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string };
  if (code === 'EADDRINUSE') return `port ${port} is in use: choose another with --port, 0 for a free one.`;
  return message ?? String(error);
}
