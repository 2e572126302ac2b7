import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Context, Scenario } from '../../types.ts';
import { tokensAccepted } from '../../wire.ts';
import { assertNothingExpired, clientId } from '../steps.ts';

const rotations = 5;

/** Repeats `step` until the time is over; returns how often. */
async function repeat(context: Context, endAt: number, step: (round: number) => Promise<void>): Promise<number> {
  let round = 0;
  for (; Date.now() < endAt; round += 1) {
    await step(round);
    await new Promise((resolve) => setTimeout(resolve, 1 + context.random() * 4));
  }
  return round;
}

async function load(context: Context, session: Session, name: string, endAt: number): Promise<void> {
  const [key, tx] = [`load:${name}`, `tx:${name}`];
  await repeat(context, endAt, async (round) => {
    const value = String(round);
    assert.equal(await session.command('SET', key, value), 'OK');
    assert.equal(await session.command('GET', key), value);
    assert.deepEqual(
      await session.pipeline([
        ['ECHO', 'a'],
        ['ECHO', value],
      ]),
      ['a', value],
    );
    assert.deepEqual(
      await session.transaction([
        ['SET', tx, value],
        ['GET', tx],
      ]),
      ['OK', value],
    );
  });
}

export const lifeRotations: Scenario = {
  id: 'life/rotations',
  title: `${rotations} rotations under mixed load: no command fails, the connections stay`,
  why: 'the mission',
  requires: ['pipeline', 'transaction', 'blocking', 'duplicate'],
  topologies: ['standalone'],
  lifetimeMs: 3000,
  async run(context) {
    const session = await context.connect();
    const copy = await session.duplicate();
    await copy.ready();
    const worker = await context.connect();
    const sessions = [session, copy, worker];
    const before = await Promise.all(sessions.map(clientId));
    const endAt = Date.now() + context.lifetimeMs * 0.7 * rotations;
    let popped = 0;
    const jobs = repeat(context, endAt, async () => void (await session.command('RPUSH', 'jobs', 'job')));
    const working = repeat(context, endAt, async () => {
      if ((await worker.command('BLPOP', 'jobs', '0.2')) !== null) popped += 1;
    });
    await Promise.all([load(context, session, 'a', endAt), load(context, copy, 'b', endAt), jobs, working]);
    assert.ok(popped > 0);
    assert.deepEqual(await Promise.all(sessions.map(clientId)), before, 'a connection was replaced');
    assert.ok(tokensAccepted(context.target.timeline).length >= rotations - 1);
    assertNothingExpired(context);
    assert.deepEqual(
      sessions.flatMap(({ errors }) => errors),
      [],
    );
  },
};
