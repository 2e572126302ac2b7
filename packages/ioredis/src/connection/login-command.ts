import type { Credentials } from '@entra-redis/token-manager';
import type { Command } from '../client/client-internals.ts';
import { passwordPlaceholder, usernamePlaceholder } from '../placeholder.ts';

const ping = '*1\r\n$4\r\nPING\r\n';

const filledInKey: unique symbol = Symbol('filled in') as never;

/** True for an AUTH or HELLO of ours. */
export const isFilledIn = (command: Command): boolean => Object.hasOwn(command, filledInKey);

/** True for an AUTH or HELLO that ioredis built from our placeholders; false for one that it sends again, and for a user's. */
export function isUnfilledLogin(command: Command): boolean {
  return command.args.includes(passwordPlaceholder) && !isFilledIn(command);
}

/**
 * Makes an AUTH or HELLO send these credentials. Its arguments stay placeholders, so that errors, DEBUG output, tracing
 * and the queues of ioredis have no secret to show. ioredis resends what a lost connection left unanswered: by then the
 * new connection has logged in by itself, so a second writing is a PING.
 */
export function fillIn(command: Command, credentials: Credentials): void {
  const { name, args } = command;
  let written = false;
  Object.defineProperty(command, filledInKey, { value: true });
  command.toWritable = () => {
    if (written) return ping;
    written = true;
    return encode([name, ...args.map((argument) => fillArgument(String(argument), credentials))]);
  };
}

function fillArgument(argument: string, credentials: Credentials): string {
  if (argument === usernamePlaceholder) return credentials.username;
  return argument === passwordPlaceholder ? credentials.password : argument;
}

function encode(parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}
