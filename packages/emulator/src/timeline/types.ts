/** What happened on the connections of a cache or gate, in order; passwords are replaced by a short digest. */
export interface WireEntry {
  readonly at: number;
  /** CLIENT ID as the server counts it. */
  readonly connection: number;
  readonly node?: string;
  readonly event: 'open' | 'command' | 'reply' | 'push' | 'login' | 'refused' | 'expired' | 'fault' | 'close';
  /** `command`: the arguments, secrets replaced. */
  readonly args?: readonly string[];
  /** `reply`, `push`, `fault`, `close`: a short text. `refused`: the reason. */
  readonly text?: string;
  /** `login`: AUTH or HELLO, which token (digest of it), and until when the connection may live. */
  readonly login?: {
    readonly via: 'AUTH' | 'HELLO';
    readonly username: string;
    readonly token: string;
    readonly expiresAt: number;
  };
}

export interface WireTimeline {
  readonly entries: readonly WireEntry[];
  /**
   * What happened to the connections themselves: entries without the commands, replies and pushes. Cheap to read again and again
   * under a load that makes `entries` long.
   */
  readonly landmarks: readonly WireEntry[];
  /** One line per entry, for people: relative time, connection, what. */
  toText(): string;
  clear(): void;
}
