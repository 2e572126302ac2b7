import type { ApplicationEvent } from '../driver/driver.ts';

const told: ApplicationEvent[] = [];
const listeners = new Set<(event: ApplicationEvent) => void>();

process.on('warning', ({ name, message, code }: Error & { code?: string }) => {
  if (name !== 'EntraRedisWarning') return;
  const event: ApplicationEvent = { type: 'warning', text: `${code ?? ''} ${message}` };
  told.push(event);
  for (const listener of listeners) listener(event);
});

/** The warnings of ours that this process has told, and will tell until the returned function is called. */
export function onWarning(listener: (event: ApplicationEvent) => void): () => void {
  for (const event of told) listener(event);
  listeners.add(listener);
  return () => listeners.delete(listener);
}
