import type { Instance } from './internals.ts';

type Adoption = (instance: Instance) => void;

/** One key for every copy of this module, so that the hook of one adopts the instances of another. */
const ADOPT: unique symbol = Symbol.for('@entra-redis/ioredis/adopt');

/** `util.inspect.custom`. */
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What is in the arguments of AUTH and HELLO, for ever. */
export const USERNAME = '<entra object id>';
export const PASSWORD = '<entra token>';

/**
 * Stands where ioredis wants the user name or the password. ioredis copies options in a dozen ways (spread, `duplicate()`,
 * cluster pool, subscribers, sentinel), all of them by reference, and makes a string of it only when it builds AUTH or
 * HELLO. That string is a placeholder too: the token itself is filled in when the command is written (login-command.ts).
 */
export function placeholder(text: string, adopt: Adoption): object {
  const show = (): string => text;
  return { toString: show, toJSON: show, [INSPECT]: show, [ADOPT]: adopt };
}

/** How to adopt an instance with this user name or password; undefined where it is none of ours. */
export function adoptionOf(credential: unknown): Adoption | undefined {
  return (credential as { [ADOPT]?: Adoption } | null | undefined)?.[ADOPT];
}
