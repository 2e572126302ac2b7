import type { Socket } from 'node:net';

type Write = (chunk: unknown, ...rest: unknown[]) => boolean;

/**
 * 4.x reads user name and password from its options without waiting, so it is given `placeholder` for both. The login
 * that holds it is held back, with all that is written after it, until `login` has a command to write in its place.
 * When `login` fails, the socket is destroyed: the client tries again by its own strategy.
 */
export function holdLogin(socket: Socket, placeholder: string, login: () => Promise<string>): void {
  const write = socket.write.bind(socket) as Write;
  let held: unknown[][] | undefined;

  const release = (command: string): void => {
    const rest = held ?? [];
    socket.write = write;
    write(command);
    for (const [chunk, ...others] of rest) write(chunk, ...others);
  };

  socket.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    if (held !== undefined) {
      held.push([chunk, ...rest]);
      return true;
    }
    if (typeof chunk !== 'string' || !chunk.includes(placeholder)) return write(chunk, ...rest);
    held = [];
    login().then(release, (error: Error) => void socket.destroy(error));
    return true;
  };
}
