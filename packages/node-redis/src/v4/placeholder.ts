import type { EntraRedisError } from '@entra-redis/token-manager';
import { foreignClient, unknownSocket } from '../errors.ts';

/** What is written in the place of a login that is held back. */
export const heldPlaceholder = 'entra-redis:replaced-when-written';

interface LoginOptions {
  username?: unknown;
  password?: unknown;
}

function refusing(why: () => EntraRedisError): string {
  const refuse = (): never => {
    throw why();
  };
  const target = { 'entra-redis': 'placeholder', [Symbol.toPrimitive]: refuse };
  return new Proxy(target, { getPrototypeOf: refuse }) as never;
}

/**
 * User name and password in options of 4.x. A client that is not ours cannot send it: if an argument is not a string, the
 * encoder of 4.x looks at its prototype, and this one throws an error that says what is wrong. So it does when it is copied
 * deeply, or converted to a string.
 */
export const placeholder: string = refusing(foreignClient);

/** For a login on a socket that is not known: nothing could be held back there. */
export const unknownPlaceholder: string = refusing(unknownSocket);

/** `false` where something else is in its place: a user's own, or what a URL holds. */
export function holdsPlaceholders({ username, password }: LoginOptions): boolean {
  return [username, password].every((value) => value === placeholder || value === heldPlaceholder);
}

/** What a deep copy makes of the placeholder. */
export function isCopied({ password }: LoginOptions): boolean {
  return password !== placeholder && typeof password === 'object' && password !== null && 'entra-redis' in password;
}

/** 4.x reads the login at once after the event `connect`: for that time it is `lent`, the one that can be written and held back, or says why not. */
export function lendLogin(options: LoginOptions, lent: string): void {
  Object.assign(options, { username: lent, password: lent });
  queueMicrotask(() => void Object.assign(options, { username: placeholder, password: placeholder }));
}
