import { newConnection, type WireConnection } from '../src/judge/wire-watch.ts';

/** A connection of the subscriber, up and well. */
export const connection = (changes: Partial<WireConnection> = {}): WireConnection => ({
  ...newConnection({ at: 0, connection: 7, node: 'node-1' }),
  name: 'subscriber',
  subscribedAt: 0,
  ...changes,
});
