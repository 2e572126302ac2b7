/** Every error of entra-redis has one of these codes. */
export type EntraRedisErrorCode =
  | 'ERR_INVALID_OPTION'
  | 'ERR_TOKEN_REQUEST_FAILED'
  | 'ERR_TOKEN_REQUEST_TIMEOUT'
  | 'ERR_TOKEN_INVALID'
  | 'ERR_NO_OBJECT_ID'
  | 'ERR_MANAGER_CLOSED'
  | 'ERR_AUTH_REFUSED'
  | 'ERR_AUTH_FAILED'
  | 'ERR_PLAIN_TEXT'
  | 'ERR_USERINFO_IN_URL'
  | 'ERR_NODE_CREDENTIALS';

export class EntraRedisError extends Error {
  override readonly name = 'EntraRedisError';
  readonly code: EntraRedisErrorCode;

  constructor(code: EntraRedisErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
