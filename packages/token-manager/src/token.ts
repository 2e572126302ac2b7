/** An access token as an identity provider gave it. */
export interface Token {
  /** The token itself: what AUTH sends as the password. */
  readonly value: string;
  /** When it stops being valid, epoch ms. */
  readonly expiresAt: number;
  /** When it was issued (the start of its life), epoch ms: `expiresAt - obtainedAt` is its lifetime. */
  readonly obtainedAt: number;
  /** When the provider wants it to be renewed, epoch ms. Default: derived from the lifetime. */
  readonly refreshAfter?: number;
}

/** What AUTH and HELLO take. */
export interface Credentials {
  /** The object id (`oid` claim) of the identity, unless the `username` option says otherwise. */
  readonly username: string;
  /** The token. */
  readonly password: string;
  /** When the cache will cut a connection that logged in with these, epoch ms. */
  readonly expiresAt: number;
}
