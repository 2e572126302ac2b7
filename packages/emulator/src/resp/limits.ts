/** Bounds on what one peer may make us hold. Sizes in bytes. */
export interface RespLimits {
  /** Longest bulk string. Default 512 MiB, `proto-max-bulk-len` of Redis. */
  readonly maxBulkLength: number;
  /** Most arguments of one request, or elements of one aggregate reply. Default 1,048,576. */
  readonly maxArguments: number;
  /** Longest inline request or header line. Default 64 KiB, `PROTO_INLINE_MAX_SIZE` of Redis. */
  readonly maxLineLength: number;
  /** Longest request or reply as a whole, each element counted as 64 bytes more than its content. Default 1 GiB. */
  readonly maxTotalLength: number;
  /** Deepest nesting of a reply. Default 32. */
  readonly maxDepth: number;
}

export const defaultLimits: RespLimits = {
  maxBulkLength: 512 * 1024 * 1024,
  maxArguments: 1024 * 1024,
  maxLineLength: 64 * 1024,
  maxTotalLength: 1024 * 1024 * 1024,
  maxDepth: 32,
};

/** Redis lets a client that has not logged in send at most 10 arguments of at most 16 KiB. */
export const maxArgumentsBeforeLogin = 10;
export const maxBulkLengthBeforeLogin: number = 16 * 1024;

/** What the memory of an element costs beside its bytes. */
export const elementCost = 64;

/** What a peer sent is not RESP, or exceeds a limit: answer `-ERR <message>` where a reply is due, then close the connection. */
export class ProtocolError extends Error {
  readonly code = 'RESP_PROTOCOL';
  override readonly name = 'ProtocolError';

  constructor(detail: string) {
    super(`Protocol error: ${detail}`);
  }
}
