import type { WireConnection } from './wire-watch.ts';

/** A connection logs in within this time. */
const loginMs = 1000;

/** Every connection that is open is logged in, with a token that lives: those that are not. */
export function notLoggedIn(connections: Iterable<WireConnection>, now: number): string[] {
  return [...connections]
    .filter(({ closedAt, openedAt }) => closedAt === undefined && now - openedAt >= loginMs)
    .filter(({ name, expiresAt }) => name !== undefined || expiresAt !== undefined)
    .filter(({ expiresAt = 0 }) => expiresAt < now)
    .map(({ id, name = '' }) => `connection #${id} ${name} is not logged in`);
}
