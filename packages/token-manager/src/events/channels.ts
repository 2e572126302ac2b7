import { channel } from 'node:diagnostics_channel';
import type { PlannedReconnect } from '../connections/contract.ts';
import type { TokenEvent } from './events.ts';

/**
 * Every event is also published on `node:diagnostics_channel`, for loggers and metrics that know nothing of the manager. The
 * channel of an event is `entra-redis:` and its `type`; its message is the event, whose credentials hide the token.
 */
export const channels: Readonly<Record<TokenEvent['type'], string>> = {
  token: 'entra-redis:token',
  'identity-changed': 'entra-redis:identity-changed',
  retry: 'entra-redis:retry',
  failed: 'entra-redis:failed',
  refused: 'entra-redis:refused',
  reauthenticated: 'entra-redis:reauthenticated',
  'reauthentication-failed': 'entra-redis:reauthentication-failed',
};

/** Diagnostics see when a token expires and who it is for, never the token. Answers whether anybody sees the event. */
export function publish(event: TokenEvent): boolean {
  const target = channel(channels[event.type]);
  if (!target.hasSubscribers) return false;
  if (event.type === 'token') {
    const { username, expiresAt } = event.credentials;
    target.publish({ ...event, credentials: { username, expiresAt } });
  } else target.publish(event);
  return true;
}

const plannedReconnects = channel('entra-redis:planned-reconnect');

/** For adapters: tells on its channel that a connection is replaced, and why. */
export function publishPlannedReconnect(message: PlannedReconnect): void {
  plannedReconnects.publish(message);
}
