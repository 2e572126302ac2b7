import { authRefused, isRefusal, type TokenManager } from '@entra-redis/token-manager';
import { effectOf } from './effects.ts';
import type { Command, CommandConstructor, Instance } from './internals.ts';
import { LiveConnection } from './live-connection.ts';
import { fillIn, isLogin } from './login-command.ts';
import { waitForToken } from './token-wait.ts';

const adopted = new WeakSet<Instance>();

/** Makes an instance log in with the manager's tokens. Called whenever it connects; does nothing twice. */
export function adopt(instance: Instance, manager: TokenManager): void {
  if (!adopted.has(instance)) {
    adopted.add(instance);
    waitForToken(instance, manager);
  }
  // Checked each time: when a monitor closes, ioredis deletes an own `sendCommand`.
  if (!Object.hasOwn(instance, 'sendCommand')) watchCommands(instance, manager);
}

function watchCommands(instance: Instance, manager: TokenManager): void {
  const { sendCommand } = instance;
  let live: LiveConnection | undefined;
  const value = (command: Command, stream?: unknown): Promise<unknown> => {
    const effect = effectOf(command.name);
    if (effect === 'login' && isLogin(command)) {
      live = logIn(instance, manager, command);
      // Passed on, it would wait in the offline queue for the next connection, which has its own.
      if (!live) return command.promise;
    } else if (effect !== 'none') live?.observe(command, effect);
    return sendCommand.call(instance, command, stream);
  };
  Object.defineProperty(instance, 'sendCommand', { value, configurable: true, writable: true });
}

/** Called while ioredis writes its handshake, so the socket is there. */
function logIn(instance: Instance, manager: TokenManager, command: Command): LiveConnection | undefined {
  const credentials = manager.current;
  if (!credentials) {
    // It expired while the socket was connecting. The next attempt waits for a new one.
    instance.stream?.destroy();
    return undefined;
  }
  fillIn(command, credentials);
  const { reject } = command;
  // ioredis emits what the handshake is rejected with, and rejects the commands that wait for it with the same error.
  command.reject = (error) => {
    if (!isRefusal(error)) return reject.call(command, error);
    manager.reject(credentials, error);
    reject.call(command, authRefused(credentials.username, error));
  };
  const connection = new LiveConnection(instance, command.constructor as CommandConstructor);
  command.promise.then(
    () => connection.loggedIn(manager, credentials),
    () => {},
  );
  return connection;
}
