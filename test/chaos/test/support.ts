import type { WireConnection } from '../src/judge/wire-watch.ts';

/** A connection of the subscriber, up and well. */
export const connection = (changes: Partial<WireConnection> = {}): WireConnection => ({
  id: 7,
  node: 'node-1',
  name: 'subscriber',
  openedAt: 0,
  subscribedAt: 0,
  closedAt: undefined,
  ending: undefined,
  unansweredAt: undefined,
  faultsAt: [],
  logins: new Map(),
  loggedInAt: undefined,
  expiresAt: undefined,
  ...changes,
});
