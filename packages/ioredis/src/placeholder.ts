import { type Login, loginKey } from './client/connect-hooks.ts';
import type { InstanceOptions } from './client/client-internals.ts';

/** `util.inspect.custom`. */
const inspectKey: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What is always in the arguments of AUTH and HELLO. */
export const usernamePlaceholder = '<entra object id>';
export const passwordPlaceholder = '<entra token>';

/**
 * Stands where ioredis wants the user name or the password. ioredis copies options in a dozen ways (spread, `duplicate()`,
 * cluster pool, subscribers, sentinel), all of them by reference, and makes a string of it only when it builds AUTH or
 * HELLO. That string is a placeholder too: the token itself is filled in when the command is written (login-command.ts).
 * lodash takes the object of a class as it is, or clones it with its class.
 */
class Placeholder {
  readonly text: string;
  readonly [loginKey]: Login;

  constructor(text: string, login: Login) {
    this.text = text;
    this[loginKey] = login;
  }

  toString(): string {
    return this.text;
  }

  /** Left out of JSON: what is read from there would go out as a login. */
  toJSON(): undefined {
    return undefined;
  }

  [inspectKey](): string {
    return this.text;
  }
}

/** Both in one object, as options hold them. */
export function placeholders(login: Login): { username: unknown; password: unknown } {
  return {
    username: new Placeholder(usernamePlaceholder, login),
    password: new Placeholder(passwordPlaceholder, login),
  };
}

/** Puts placeholders back into options whose copy has lost what makes them such, as one by rfdc or deepmerge. */
export function restorePlaceholders(options: InstanceOptions, login: Login): void {
  const fresh = placeholders(login);
  for (const name of ['username', 'password'] as const) {
    const value = options[name];
    if (typeof value === 'object' && value !== null && !(value instanceof Placeholder)) options[name] = fresh[name];
  }
}
