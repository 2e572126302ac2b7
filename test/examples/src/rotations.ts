import type { WireTimeline } from '@entra-redis/emulator';

/** What the server saw of the connections of an application. */
export interface Rotations {
  /** The live ones. */
  readonly connections: number;
  /** How often the one with the fewest logged in again. */
  readonly rotations: number;
  /** How often all together did. */
  readonly reauths: number;
  /** Connections that had logged in and have ended. */
  readonly ended: number;
  /** Those of them that the server cut because their token had expired. */
  readonly expired: number;
  /** Logins with a token that the connection had logged in with before. */
  readonly repeated: number;
}

export function rotationsIn({ entries }: WireTimeline): Rotations {
  const loginsOf = new Map<string, string[]>();
  const ended = new Set<string>();
  let expired = 0;
  for (const { event, node = '', connection, login } of entries) {
    const id = `${node}#${connection}`;
    if (login !== undefined) loginsOf.set(id, [...(loginsOf.get(id) ?? []), login.token]);
    if (event === 'close' && loginsOf.has(id)) ended.add(id);
    if (event === 'expired') expired += 1;
  }
  const live = [...loginsOf].filter(([id]) => !ended.has(id)).map(([, logins]) => logins.length);
  const all = [...loginsOf.values()];
  return {
    connections: live.length,
    rotations: live.length === 0 ? 0 : Math.min(...live) - 1,
    reauths: all.reduce((sum, logins) => sum + logins.length - 1, 0),
    ended: ended.size,
    expired,
    repeated: all.reduce((sum, logins) => sum + logins.length - new Set(logins).size, 0),
  };
}

/** The logins, refusals and ends of connections, for people. */
export const loginLines = (timeline: WireTimeline): string =>
  timeline
    .toText()
    .split('\n')
    .filter((line) => / (open|login|refused|expired|close)\b/.test(line))
    .join('\n');
