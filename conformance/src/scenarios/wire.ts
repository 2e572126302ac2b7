import type { WireEntry, WireTimeline } from '@entra-redis/emulator';

type Login = NonNullable<WireEntry['login']>;
export interface LoginEntry extends WireEntry {
  readonly login: Login;
}

/** A connection by node and CLIENT ID, which each node counts for itself. */
export const connectionOf = ({ node, connection }: WireEntry): string =>
  node === undefined ? `connection ${connection}` : `connection ${connection} of ${node}`;

/** Some clients log in to sentinels as well. A sentinel cuts nobody, and is not cut. */
const isOfSentinel = ({ node = '' }: WireEntry): boolean => node.startsWith('sentinel');

/** Every AUTH or HELLO that the cache accepted, in order. */
export function logins(timeline: WireTimeline, via?: Login['via']): LoginEntry[] {
  return timeline.landmarks.filter(
    (entry): entry is LoginEntry =>
      entry.event === 'login' && (via === undefined || entry.login?.via === via) && !isOfSentinel(entry),
  );
}

/** The commands that reached the server, without arguments: `SET`, `CLIENT SETINFO` as `CLIENT`. */
export function commandNames(timeline: WireTimeline, connection?: number): string[] {
  return timeline.entries.flatMap((entry) =>
    entry.event === 'command' && (connection === undefined || entry.connection === connection)
      ? [(entry.args?.[0] ?? '').toUpperCase()]
      : [],
  );
}

/** The commands of this name that reached the server, in order. */
export const commandsOf = ({ entries }: Pick<WireTimeline, 'entries'>, name: string): WireEntry[] =>
  entries.filter(({ event, args }) => event === 'command' && args?.[0]?.toUpperCase() === name);

/** The tokens (digests of them) that this command sends by AUTH or HELLO. */
const tokensIn = ({ event, args = [] }: WireEntry): string[] =>
  event === 'command' && ['AUTH', 'HELLO'].includes((args[0] ?? '').toUpperCase())
    ? args.filter((arg) => /^<[0-9a-f]+>$/.test(arg))
    : [];

/** The tokens (digests of them) that clients sent by AUTH or HELLO, accepted or not. */
export function tokensSent(timeline: WireTimeline): Set<string> {
  return new Set(timeline.entries.flatMap(tokensIn));
}

/** The tokens (digests of them) that one connection sent, in order, and as often as it did. */
export function tokensSentOver(timeline: WireTimeline, connection: string): string[] {
  return timeline.entries.filter((entry) => connectionOf(entry) === connection).flatMap(tokensIn);
}

/** The connection that this command went over last. */
export function carrierOf(timeline: WireTimeline, name: string): string | undefined {
  const carrier = commandsOf(timeline, name).at(-1);
  return carrier && connectionOf(carrier);
}

/** The tokens (digests of them) that the server accepted, in the order of their first login. */
export function tokensAccepted(timeline: WireTimeline): string[] {
  return [...new Set(logins(timeline).map(({ login }) => login.token))];
}

/** How many connections the server cut because their token expired. */
export function expired(timeline: WireTimeline): number {
  return timeline.landmarks.filter((entry) => entry.event === 'expired').length;
}

/** Logins that came over a connection that had logged in before: re-AUTHs. */
export function reauths(timeline: WireTimeline): LoginEntry[] {
  const seen = new Set<string>();
  return logins(timeline).filter((entry) => {
    const again = seen.has(connectionOf(entry));
    seen.add(connectionOf(entry));
    return again;
  });
}

/** The connections that have logged in with this token. */
export function connectionsWith(timeline: WireTimeline, token: string | undefined): Set<string> {
  return new Set(
    logins(timeline)
      .filter(({ login }) => login.token === token)
      .map(connectionOf),
  );
}

/** The connections that are open and have logged in to the cache. */
export function liveConnections(timeline: WireTimeline): Set<string> {
  const live = new Set<string>();
  for (const entry of timeline.landmarks) {
    if (entry.event === 'login' && !isOfSentinel(entry)) live.add(connectionOf(entry));
    if (entry.event === 'close' || entry.event === 'expired') live.delete(connectionOf(entry));
  }
  return live;
}

/** The connections that are open, logged in or not. */
export function openConnections(timeline: WireTimeline): Set<string> {
  const open = new Set<string>();
  for (const entry of timeline.landmarks) {
    if (entry.event === 'open') open.add(connectionOf(entry));
    if (entry.event === 'close') open.delete(connectionOf(entry));
  }
  return open;
}

/** How many connections were opened, whatever became of them. */
export const countOpened = (timeline: WireTimeline): number =>
  timeline.landmarks.filter(({ event }) => event === 'open').length;

/** The logins of each connection with each token: what must never exceed one. */
export function authsPerToken(timeline: WireTimeline): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of logins(timeline)) {
    const key = `${connectionOf(entry)}, token ${entry.login.token}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const carried = new Set(['SET', 'GET', 'ECHO', 'PING', 'BLPOP', 'RPUSH', 'EXEC', 'PUBLISH']);

/** The connections that users' commands went over: not those of a client's own, as a cluster's look at its slots. */
export function carriers(timeline: WireTimeline): Set<string> {
  const live = liveConnections(timeline);
  const commands = timeline.entries.filter(
    ({ event, args }) => event === 'command' && carried.has((args?.[0] ?? '').toUpperCase()),
  );
  return new Set(commands.map(connectionOf).filter((connection) => live.has(connection)));
}
