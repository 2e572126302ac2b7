import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate } from './next-turn.ts';

let latest: Socket | undefined;
let watching = false;

/**
 * node-redis asks for credentials in the microtasks that follow the `connect` (TLS: `secureConnect`) event of the socket
 * that they are for, and no other socket can connect in between. So noting the latest one names it without a guess.
 * `net.client.socket` is a channel of Node.js (https://nodejs.org/api/diagnostics_channel.html), which tells of TLS since
 * 22.17 and 24.2; each module instance listens for itself.
 */
export function watchConnectedSockets(): void {
  if (watching) return;
  watching = true;
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    const note = (): void => {
      latest = socket;
      setImmediate(() => {
        if (latest === socket) latest = undefined;
      });
    };
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', note);
  });
}

/** The socket that connected in this turn of the event loop; each is given out once. */
export function takeConnectedSocket(): Socket | undefined {
  const socket = latest;
  latest = undefined;
  return socket;
}
