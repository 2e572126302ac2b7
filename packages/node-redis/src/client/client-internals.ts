/**
 * The part of node-redis that a credentials provider meets, the same in `@redis/client` 5 and 6. Neither exports these
 * types, so they are written out and compared with both majors in `test/types.test.ts`.
 */
export interface BasicAuth {
  username?: string;
  password?: string;
}

export interface CredentialsListener {
  /** Makes the client send AUTH, unless it is a RESP2 subscriber. */
  onNext: (credentials: BasicAuth) => void;
  onError: (error: Error) => void;
}

export interface CredentialsDisposable {
  dispose(): void;
}

/** Goes into the `credentialsProvider` option of `@redis/client` 5 and 6. */
export interface EntraCredentialsProvider {
  readonly type: 'streaming-credentials-provider';
  /** Called by the client on every handshake. */
  subscribe(listener: CredentialsListener): Promise<[BasicAuth, CredentialsDisposable]>;
  /** Called by the client; the token manager has the same failure as a `reauthentication-failed` event. */
  onReAuthenticationError(error: Error): void;
}
