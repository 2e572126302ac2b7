/** An access token, as the identity provider returned it. */
export interface Token {
  /** The token itself: what AUTH sends as the password. */
  readonly value: string;
  /** When it stops being valid, epoch ms. */
  readonly expiresAt: number;
  /** When it was issued (the start of its lifetime), epoch ms: `expiresAt - obtainedAt` is its lifetime. */
  readonly obtainedAt: number;
  /** When the provider wants it to be renewed, epoch ms; ignored unless it is later than `obtainedAt`. Default: derived from the lifetime. */
  readonly refreshAfter?: number;
}

/**
 * What AUTH and HELLO take. `util.inspect` and JSON show everything except the password. Read the password from this object: a copy (`{ ...credentials }`)
 * does not have it, because loggers copy what they are given.
 */
export interface Credentials {
  /** The object id (`oid` claim) of the identity, unless the `username` option says otherwise. */
  readonly username: string;
  /** The token. */
  readonly password: string;
  /** When the cache closes a connection that logged in with these, epoch ms. */
  readonly expiresAt: number;
}

/** The password is a getter of the prototype: it is read as usual, and no copy or serialization finds it, nor an inspection unless it calls hidden getters. */
class HiddenCredentials implements Credentials {
  readonly username: string;
  readonly expiresAt: number;
  readonly #password: string;

  constructor(username: string, password: string, expiresAt: number) {
    this.username = username;
    this.#password = password;
    this.expiresAt = expiresAt;
    Object.freeze(this);
  }

  get password(): string {
    return this.#password;
  }
}

export function createCredentials(username: string, password: string, expiresAt: number): Credentials {
  return new HiddenCredentials(username, password, expiresAt);
}
