import { authRefused, isRefusal, type TokenManager, withoutSecret, withoutTokens } from '@entra-redis/token-manager';
import { type AdoptedInstance, adoptionKey, isAdopted } from './adoption.ts';
import { type EntraSettings, installConnector } from './connector.ts';
import { effectOf } from '../connection/command-effects.ts';
import type { Command, CommandConstructor, Instance } from './client-internals.ts';
import { LiveConnection, liveConnectionOf } from '../connection/live-connection.ts';
import { fillIn, isUnfilledLogin } from '../connection/login-command.ts';
import { plainTextOver, type Transport } from '../tls.ts';
import { connectAfterToken } from '../connection/connect-after-token.ts';

/** Makes an instance log in with the manager's tokens. Called whenever it connects. */
export function adoptInstance(instance: Instance, settings: EntraSettings): void {
  const first = !isAdopted(instance);
  if (first) {
    installConnector(instance, settings);
    connectAfterToken(instance, settings);
  }
  // At first it may be somebody else's; later, when a monitor closes, ioredis deletes ours.
  if (first || !Object.hasOwn(instance, 'sendCommand')) watchCommands(instance as AdoptedInstance);
}

function watchCommands(instance: AdoptedInstance): void {
  instance.connector[adoptionKey].sendCommand = instance.sendCommand;
  Object.defineProperty(instance, 'sendCommand', { value: sendWatched, configurable: true, writable: true });
}

function sendWatched(this: AdoptedInstance, command: Command, stream?: unknown): Promise<unknown> {
  const { settings, sendCommand } = this.connector[adoptionKey];
  const effect = effectOf(command.name);
  if (effect === 'login' && isUnfilledLogin(command)) {
    // Passed on, it would wait in the offline queue for the next connection, which has its own.
    if (!isAllowed(this, settings.transport) || !logIn(this, settings.manager, command)) return command.promise;
  } else if (effect !== 'none') liveConnectionOf(this)?.observe(command, effect);
  return sendCommand.call(this, command, stream);
}

/** Called while ioredis writes its handshake, so the socket is there. What waits for it learns why the token is not sent. */
function isAllowed(instance: Instance, transport: Transport): boolean {
  const problem = instance.stream === undefined ? undefined : plainTextOver(instance.stream, transport);
  if (problem === undefined) return true;
  instance.recoverFromFatalError(problem, problem);
  // ioredis only ends it, by its connector, which may be the user's.
  instance.stream?.destroy();
  return false;
}

/** The server's own error, unless it quotes the token: some do that with the arguments of a command that they do not know. */
function withoutQuotedToken(error: Error, token: string): Error {
  return withoutTokens(error.message, token) === error.message ? error : withoutSecret(error, token);
}

/** False where there is nothing to log in with. */
function logIn(instance: Instance, manager: TokenManager, command: Command): boolean {
  const credentials = manager.current;
  if (credentials === undefined) {
    // It expired while the socket was connecting. The next attempt waits for a new one.
    instance.stream?.destroy();
    return false;
  }
  fillIn(command, credentials);
  const { reject } = command;
  // ioredis emits what the handshake is rejected with, and rejects the commands that wait for it with the same error.
  command.reject = (error) => {
    if (!isRefusal(error)) return reject.call(command, withoutQuotedToken(error, credentials.password));
    manager.reject(credentials, error);
    reject.call(command, authRefused(credentials, error, { address: connection.identity.address }));
  };
  const connection = new LiveConnection(instance, command.constructor as CommandConstructor);
  command.promise.then(
    () => connection.loggedIn(manager, credentials),
    () => {},
  );
  return true;
}
