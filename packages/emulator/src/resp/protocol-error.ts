/** What a peer sent is not RESP, or exceeds a limit: answer `-ERR <message>` where a reply is due, then close the connection. */
export class ProtocolError extends Error {
  readonly code = 'RESP_PROTOCOL';
  override readonly name = 'ProtocolError';

  constructor(detail: string) {
    super(`Protocol error: ${detail}`);
  }
}
