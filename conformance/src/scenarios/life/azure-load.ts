import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session } from '../../driver/driver.ts';
import type { Context } from '../scenario.ts';
import { repeatUntilStopped } from '../steps.ts';
import { blockingPops } from './load.ts';

const pauseMs = 50;
/** The worker waits most of the time, so that AUTH comes behind a block. */
const jobPauseMs = 500;
/** On a shared cache: keys of its own, which go away by themselves. */
const ttlSeconds = '600';

export interface Clients {
  readonly session: Session;
  readonly copy: Session;
  readonly worker: Session;
  readonly subscriber: Session;
  /** Of its keys, and its channel. */
  readonly prefix: string;
  readonly received: readonly string[];
}

export async function openClients(context: Context): Promise<Clients> {
  const prefix = `entra-redis:${randomUUID()}`;
  const session = await context.connect();
  const copy = await session.duplicate();
  await copy.ready();
  const worker = await context.connect();
  const subscriber = await context.connect();
  const received: string[] = [];
  await subscriber.subscribe(prefix, (message) => received.push(message));
  return { session, copy, worker, subscriber, prefix, received };
}

/** SET, a pipeline and MULTI; each checks its replies. */
async function commands(session: Session, key: string, value: string): Promise<void> {
  const set = ['SET', key, value, 'EX', ttlSeconds];
  assert.equal(await session.command(...set), 'OK');
  assert.deepEqual(await session.pipeline([['GET', key]]), [value]);
  assert.deepEqual(await session.transaction([set, ['GET', key]]), ['OK', value]);
}

export interface Load {
  /** Resolves when every client has done more; rejects where one cannot. */
  goOn(): Promise<void>;
  /** Ends it; rejects where a command failed, a job or a message was lost. */
  stop(): Promise<void>;
}

/** Commands on the session and its copy, a queue with a worker that blocks, and pub/sub. */
export function startLoad(context: Context, { session, copy, worker, prefix, received }: Clients): Load {
  const rounds = [0, 0];
  const loads = [session, copy].map((client, i) =>
    repeatUntilStopped(async (round) => {
      await commands(client, `${prefix}:${i}`, String(round));
      rounds[i] = round + 1;
    }, pauseMs),
  );
  const queue = `${prefix}:jobs`;
  const popped: string[] = [];
  const working = repeatUntilStopped(blockingPops(worker, queue, popped, '1'), 0);
  const push = (job: string): Promise<unknown> =>
    session.pipeline([
      ['RPUSH', queue, job],
      ['EXPIRE', queue, ttlSeconds],
    ]);
  const pushing = repeatUntilStopped((round) => push(String(round)), jobPauseMs);
  const publishing = repeatUntilStopped((round) => session.command('PUBLISH', prefix, String(round)), pauseMs);
  return {
    goOn: async () => {
      const before = [...rounds, popped.length];
      await context.eventually('the load goes on', () => [...rounds, popped.length].every((n, i) => n > before[i]!));
    },
    stop: async () => {
      for (const load of loads) assert.ok((await load.stop()) > 0);
      const pushed = await pushing.stop();
      await context.eventually('every job is done', () => popped.length === pushed);
      await working.stop();
      assert.deepEqual(popped, Array.from(popped.keys(), String), 'a job was lost, or done twice');
      const published = await publishing.stop();
      if (context.resp === 3) await context.eventually('every message', () => received.length === published);
    },
  };
}
