import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';

/** The commands that `session` does over and over; each checks its replies. */
export type Step = (round: number) => Promise<void>;

/** SET, GET, a pipeline and a transaction on keys of this session's own. */
export function mixedCommands(session: Session, name: string): Step {
  const [key, tx] = [`load:${name}`, `tx:${name}`];
  return async (round) => {
    const value = String(round);
    assert.equal(await session.command('SET', key, value), 'OK');
    assert.equal(await session.command('GET', key), value);
    const echoes = [
      ['ECHO', 'a'],
      ['ECHO', value],
    ];
    assert.deepEqual(await session.pipeline(echoes), ['a', value]);
    const transaction = [
      ['SET', tx, value],
      ['GET', tx],
    ];
    assert.deepEqual(await session.transaction(transaction), ['OK', value]);
  };
}

/** A worker's blocking pop; what it gets goes to `popped`. */
export function blockingPops(session: Session, queue: string, popped: string[], timeoutSeconds = '0.1'): Step {
  return async () => {
    const item = (await session.command('BLPOP', queue, timeoutSeconds)) as [string, string] | null;
    if (item !== null) popped.push(item[1]);
  };
}
