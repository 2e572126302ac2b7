import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate } from '../timers.ts';
import { processWide } from '../process-wide.ts';

const connectedSocketKey: unique symbol = Symbol.for('@entra-redis/node-redis/connected-socket/1') as never;

interface Connected {
  /** It connected in this turn of the event loop. */
  latest: Socket | undefined;
  /** Those that connected in the last few turns, and were not taken. */
  readonly recent: Set<Socket>;
}

/** A promise library that is installed globally lets some turns pass before a client asks. */
const recentTurns = 5;

const sockets = processWide as { [connectedSocketKey]?: Connected };

/**
 * node-redis asks for credentials in the microtasks that follow the `connect` (TLS: `secureConnect`) event of the socket
 * that they are for, and no other socket can connect in between. So noting the latest one names it without a guess.
 * `net.client.socket` is a channel of Node.js (https://nodejs.org/api/diagnostics_channel.html), which includes TLS since
 * 22.17 and 24.2. There is one subscription in a process, however often this module is evaluated.
 */
export function watchConnectedSockets(): void {
  if (sockets[connectedSocketKey] !== undefined) return;
  const noted: Connected = { latest: undefined, recent: new Set() };
  Object.defineProperty(sockets, connectedSocketKey, { value: noted });
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    const forget = (turns: number): void => {
      if (noted.latest === socket) noted.latest = undefined;
      if (turns === 0) noted.recent.delete(socket);
      else setImmediate(forget, turns - 1);
    };
    const note = (): void => {
      noted.latest = socket;
      noted.recent.add(socket);
      setImmediate(forget, recentTurns);
    };
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', note);
  });
}

/** The socket that connected in this turn of the event loop; each is given out once. */
export function takeConnectedSocket(): Socket | undefined {
  const noted = sockets[connectedSocketKey];
  const socket = noted?.latest;
  if (noted === undefined || socket === undefined) return undefined;
  noted.latest = undefined;
  noted.recent.delete(socket);
  return socket;
}

/** The only socket that connected in the last few turns: most likely that of who asks, which its handshake must show. */
export function takeRecentSocket(): Socket | undefined {
  const recent = sockets[connectedSocketKey]?.recent;
  const open = [...(recent ?? [])].filter(({ destroyed }) => !destroyed);
  const [socket] = open.length === 1 ? open : [];
  if (socket !== undefined) recent?.delete(socket);
  return socket;
}
