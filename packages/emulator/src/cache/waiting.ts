import type { Reply } from '../resp/reply.ts';
import type { Database, Waiter } from './database.ts';
import { noReply, type Outcome, type Session } from './model.ts';

export interface BlockRequest {
  readonly keys: readonly string[];
  /** 0: forever. */
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
