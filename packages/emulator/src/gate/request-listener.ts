import type { Reply } from '../resp/reply.ts';
import type { CacheFault } from '../types.ts';
import type { Expected } from './expected.ts';

/** What the way out asks of, and tells, the connection that it belongs to. */
export interface RequestListener {
  /** Nobody has to log in. */
  readonly open: boolean;
  /** User and password that the upstream accepts. */
  readonly upstreamLogin: readonly [string, string];
  /** A command has come; answers the fault that it meets. */
  onRequest(words: readonly string[], args: readonly Buffer[]): CacheFault['action'] | undefined;
  /** What the gate itself answers to a command; undefined: the upstream does. */
  answerTo(words: readonly string[], args: readonly Buffer[]): Reply | undefined;
  /** So many ordinary commands have come in a row. */
  onRun(bytes: Buffer, count: number): void;
  /** No command can meet a fault. */
  isFaultless(): boolean;
  onLogin(expected: Extract<Expected, { kind: 'login' }>, accepted: boolean): void;
  /** Something has been added for either side outside of `receive`. */
  onProgress(): void;
}
