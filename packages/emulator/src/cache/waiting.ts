import type { Reply } from '../resp/reply.ts';
import { CommandError } from './args.ts';
import { noReply, type Outcome } from './command.ts';
import type { Database } from './database.ts';
import type { Session } from './session.ts';

/** A blocked command. */
export interface Waiter {
  readonly session: Session;
  readonly keys: readonly string[];
  /** What the command answers now that `key` was written, or undefined to go on waiting. */
  readonly attempt: (key: string) => Reply | undefined;
  readonly onTimeout: Reply;
  /** Ends the wait with an answer. */
  readonly finish: (reply: Reply) => void;
  /** Ends the wait without one: the connection is gone. */
  readonly cancel: () => void;
}

export interface BlockRequest {
  readonly keys: readonly string[];
  /** 0: for ever. */
  readonly timeoutMs: number;
  readonly attempt: (key: string) => Reply | undefined;
  readonly onTimeout: Reply;
}

/** Blocks the connection until `attempt` answers or the time is over; inside MULTI it never blocks. */
export function block(session: Session, request: BlockRequest): Outcome {
  if (session.executing) return request.onTimeout;
  const { database } = session;
  const keys = [...new Set(request.keys)];
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    session.waiter = undefined;
    for (const key of keys) forget(database, key, waiter);
  };
  const waiter: Waiter = {
    session,
    keys,
    attempt: request.attempt,
    onTimeout: request.onTimeout,
    cancel,
    finish(reply) {
      cancel();
      session.output.answer(reply);
    },
  };
  for (const key of keys) {
    const queue = database.waiting.get(key) ?? new Set();
    database.waiting.set(key, queue.add(waiter));
  }
  session.waiter = waiter;
  if (request.timeoutMs > 0) timer = wait(request.timeoutMs, () => waiter.finish(request.onTimeout));
  return noReply;
}

function wait(timeoutMs: number, task: () => void): NodeJS.Timeout {
  return setTimeout(task, Math.min(timeoutMs, 2 ** 31 - 1)).unref();
}

function forget(database: Database, key: string, waiter: Waiter): void {
  const queue = database.waiting.get(key);
  queue?.delete(waiter);
  if (queue?.size === 0) database.waiting.delete(key);
}

/** Serves blocked commands in the order they came, until nothing more can be served: BLMOVE may make another key ready. */
export function serveWaiting(database: Database): void {
  while (database.ready.size > 0) {
    const keys = [...database.ready];
    database.ready.clear();
    for (const key of keys) {
      for (const waiter of database.waiting.get(key) ?? []) serve(waiter, key);
    }
  }
}

function serve(waiter: Waiter, key: string): void {
  try {
    const reply = waiter.attempt(key);
    if (reply !== undefined) waiter.finish(reply);
  } catch (error) {
    // A key of another type than the one waited for is none of this waiter's business, as in Redis.
    if (!(error instanceof CommandError)) throw error;
    if (!error.message.startsWith('WRONGTYPE')) waiter.finish({ type: 'error', text: error.message });
  }
}
